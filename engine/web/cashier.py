"""`/pay/TOKEN`: a payment company of the demo, with a page to pay on and a signed word afterwards.

It takes no money. A company of its own has a payment company, whose page its effect links to and
whose word comes to `/events/`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound
from sanic.response import redirect

from engine.business.http import HttpCall, Post, call
from engine.business.provider import Business, Refused, Row, Unavailable, Work
from engine.store import Store
from engine.web.plain import PlainPage

log = structlog.get_logger(__name__)

#: What the page asks the business, and what it tells it afterwards.
PAGE, SETTLE, ABANDON = "payments.page", "payments.settle", "payments.abandon"

_TOLD = {
    "paid": "付款成功。请回到聊天查看结果。",
    "closed": "这笔付款已经取消，没有扣款。",
    "expired": "这笔付款已经过期，没有扣款。请回到聊天重新办理。",
    "changed": "欠费金额变了，这笔没有付成，钱没有扣或已原路退回。请回到聊天重新确认。",
}

_page = PlainPage("cashier")

cashier = Blueprint("cashier", url_prefix="/pay")


class Cashier:
    """Pays orders of a business that has `payments.page`; tells it so at its public address."""

    def __init__(
        self,
        business: Business,
        store: Store,
        *,
        public_url: str,
        post: Post,
        secrets: Callable[[str], str],
        clock: Callable[[], datetime],
    ) -> None:
        self._business = business
        self._store = store
        self._public_url = public_url
        self._post = post
        self._secrets = secrets
        self._clock = clock

    async def order(self, token: str) -> Row | None:
        """The order of a link; None where there is none."""
        page = self._business.queries.get(PAGE)
        if page is None:
            return None
        async with self._store.reading() as connection:
            rows = await page(Work(connection, self._clock(), "", ""), token=token)
        return rows[0] if rows else None

    async def pay(self, order: Row) -> bool:
        """Take the money and say so; False when the word did not arrive and must be said again."""
        number = str(order["order_no"])
        # One order, one payment, however often the button is tapped.
        facts = {"order_no": number, "transaction": f"P{number}", "amount": order["amount"]}
        return await self._tell(SETTLE, facts, key=f"P{number}")

    async def abandon(self, order: Row) -> bool:
        """Say that the customer gave up."""
        number = str(order["order_no"])
        return await self._tell(ABANDON, {"order_no": number}, key=f"A{number}")

    async def _tell(self, event: str, facts: dict[str, Any], *, key: str) -> bool:
        where = HttpCall(url=f"{self._public_url}/events/{event}", secret="payments")  # noqa: S106
        try:
            await call(
                where,
                facts,
                key=key,
                post=self._post,
                secrets=self._secrets,
                clock=lambda: self._clock().timestamp(),
            )
        except Refused as refused:
            log.info("payment refunded", what=event, reason=refused.reason)
        except Unavailable as error:
            log.warning("payment not told", what=event, error=str(error))
            return False
        return True


@cashier.get(r"/<token:(?P<token>[\w-]{1,64})>", name="page")
async def page(request: Request, token: str) -> HTTPResponse:
    """The amount, who gets it and for what, with the buttons to pay and to give up."""
    order = await _order(request, token)
    return _page.show(
        **order,
        token=token,
        told=_TOLD.get(str(order["status"]), ""),
        is_pending="pending" in request.args and order["status"] == "open",
    )


@cashier.post(r"/<token:(?P<token>[\w-]{1,64})>/pay", name="pay")
async def pay(request: Request, token: str) -> HTTPResponse:
    """The button 支付."""
    desk: Cashier = request.app.ctx.cashier
    return _back(token, arrived=await desk.pay(await _order(request, token)))


@cashier.post(r"/<token:(?P<token>[\w-]{1,64})>/abandon", name="abandon")
async def abandon(request: Request, token: str) -> HTTPResponse:
    """The button 放弃."""
    desk: Cashier = request.app.ctx.cashier
    return _back(token, arrived=await desk.abandon(await _order(request, token)))


async def _order(request: Request, token: str) -> Row:
    desk: Cashier = request.app.ctx.cashier
    order = await desk.order(token)
    if order is None:
        raise NotFound("no such payment")
    return order


def _back(token: str, *, arrived: bool) -> HTTPResponse:
    """To the page, so that a reload pays nothing."""
    page = f"/pay/{token}" if arrived else f"/pay/{token}?pending=1"
    return redirect(page, status=303, headers=_page.headers)
