"""What became of template messages: the platform says it later, by an event with their MsgID."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from engine.channels.wechat.verdicts import ATTEMPTS, RETRY_FIRST
from engine.message import Inbound
from engine.store import Store, outbox

#: An outcome that has not come by then comes no more: the notice is taken for told.
PATIENCE = timedelta(days=1)

log = structlog.get_logger(__name__)


async def settle(store: Store, inbound: Inbound, *, now: datetime) -> None:
    """Let go of the row of a template message, or let it be told again where the platform failed.

    Who has blocked the account is not written to again for this notice.
    """
    outcome = inbound.text.replace(" ", "").lower()
    async with store.writing() as connection:
        row = await outbox.by_template(
            connection,
            account=inbound.account,
            openid=inbound.openid,
            template=inbound.payload,
        )
        if row is not None and outcome == "failed:systemfailed":
            again = now + RETRY_FIRST if row.attempts < ATTEMPTS else None
            await outbox.anew(connection, row.id, due=again, error=inbound.text)
        elif row is not None:
            await outbox.sent(connection, row.id)
    tell = log.info if outcome == "success" else log.warning
    tell("template", account=inbound.account, outcome=inbound.text, is_known=row is not None)
