"""Turns that nobody asked for: told once, at their time, and to the task that waits for them."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from engine import late
from engine.acting import Backends
from engine.business.http import Answer
from engine.business.provider import Business, Row, Work
from engine.dialog import checking
from engine.dialog.scripts import loading
from engine.message import Inbound, Reply
from engine.nlu.grammar import find_entities
from engine.nlu.parse import OUT_OF_SCOPE, Intent, Parse
from engine.scheduler import ATTEMPTS, Scheduler
from engine.store import Store, schema
from engine.store.held import HELD
from engine.turn import Turns

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def store(either: Store) -> Store:
    """A private, empty, real database, of each kind in turn."""
    return either


MINUTE = timedelta(minutes=1)

BUY = """\
intent: buy
title: 买茶
example: 我要买茶
slots:
  boxes: {type: number, ask: 要几盒？}
  paid:
    ask: 请付款，付好了我会告诉您。
    awaits: {notice: paid, when: sum == boxes, value: receipt}
answer:
  say: "茶已发出，收据 {{ paid }}，{{ paid.sum }} 元。"
notices:
  paid: "收到 {{ sum }} 元。"
  ready: {say: "{{ name }}到货了。", link: "https://tea.example/{{ name }}"}
"""
ORDER = """\
intent: order
title: 订餐
example: 我要订餐
slots:
  portions: {type: number, ask: 要几份？}
confirm: "{{ portions }} 份，可以吗？"
answer:
  effect: shop.order
  with: {portions: portions}
  say: 订好了。
"""
MEANINGS = {"我要买茶": "buy", "我要订餐": "order", "好": "affirm", "不要": "deny"}


class Listener:
    """Understands by a table."""

    def parse(self, said: str, *, now: datetime) -> Parse:
        intent = Intent(MEANINGS.get(said, OUT_OF_SCOPE), 1.0)
        return Parse(said, intent, (intent,), tuple(find_entities(said, now=now)))


shop = Business("shop")


@shop.effect
async def order(work: Work, *, portions: str) -> Row:
    await work.notify("ready", {"name": f"{portions}份饭"}, key="k", at=work.now + 10 * MINUTE)
    return {"portions": portions}


@dataclass
class Shop:
    """A shop over one database, its customer, and its clock."""

    store: Store
    turns: Turns
    now: datetime = NOW
    sent: list[str] = field(default_factory=list)
    count: int = 0

    def scheduler(self) -> Scheduler:
        return Scheduler(self.store, {"a": self.turns}, clock=lambda: self.now)

    async def say(self, text: str) -> str:
        self.count += 1
        inbound = Inbound(account="a", openid="o", key=f"m{self.count}", at=self.now, text=text)
        return words(await self.turns.take(inbound))

    async def notify(
        self, notice: str, *, key: str = "k", at: datetime | None = None, **facts: str
    ) -> None:
        async with self.store.writing() as connection:
            work = Work(connection, self.now, "", "")
            await work.notify(notice, facts, key=key, account="a", openid="o", at=at)

    async def later(self, span: timedelta = timedelta()) -> list[str]:
        """What is pushed when time has passed."""
        self.now += span
        while await self.scheduler().run_due():
            pass
        return await self.outbox()

    async def outbox(self) -> list[str]:
        async with self.store.writing() as connection:
            # In one statement: what is kept between two would be deleted unseen.
            rows = list(await connection.execute(delete(schema.outbox).returning(schema.outbox)))
        return [words(late.read([row.reply])) for row in rows]


def words(replies: tuple[Reply, ...]) -> str:
    return "\n".join(reply.text for reply in replies)


async def no_network(url: str, **_: object) -> Answer:
    raise OSError(url)


def shop_over(store: Store, folder: Path, *, may_write: bool = True) -> Shop:
    folder.joinpath("buy.yaml").write_text(BUY, encoding="utf-8")
    folder.joinpath("order.yaml").write_text(ORDER, encoding="utf-8")
    scripts = loading.load(folder)
    checking.demand(scripts, shop)
    opened: list[Shop] = []
    turns = Turns(
        store,
        Listener(),  # type: ignore[arg-type]
        scripts,
        Backends(shop, no_network),
        clock=lambda: opened[0].now,
        may_write=may_write,
    )
    opened.append(Shop(store, turns))
    return opened[0]


@pytest.fixture
def tea(store: Store, tmp_path: Path) -> Shop:
    """A shop whose account may write on its own."""
    return shop_over(store, tmp_path)


async def test_a_notice_is_told_once_for_its_key(tea: Shop) -> None:
    await tea.notify("ready", name="龙井")
    await tea.notify("ready", name="龙井")
    assert await tea.later() == ["龙井到货了。"]
    await tea.notify("ready", name="龙井")
    assert await tea.later() == []


async def test_a_notice_is_told_at_its_time(tea: Shop) -> None:
    await tea.notify("ready", name="龙井", at=NOW + MINUTE)
    assert await tea.later() == []
    assert await tea.later(MINUTE) == ["龙井到货了。"]


async def test_an_effect_leaves_a_notice_with_what_it_does(tea: Shop) -> None:
    await tea.say("我要订餐")
    await tea.say("2")
    assert "订好了" in await tea.say("好")
    assert await tea.later() == []
    assert await tea.later(10 * MINUTE) == ["2份饭到货了。"]


async def test_a_notice_leaves_the_open_question_as_it_is(tea: Shop) -> None:
    await tea.say("我要订餐")
    await tea.notify("ready", name="龙井")
    assert await tea.later() == ["龙井到货了。"]
    assert await tea.say("2") == "2 份，可以吗？"


async def test_a_notice_goes_on_with_the_task_that_waits_for_it(tea: Shop) -> None:
    await tea.say("我要买茶")
    assert "请付款" in await tea.say("3")
    await tea.say("我要订餐")
    await tea.notify("paid", key="other", sum="5", receipt="R1")
    assert await tea.later() == ["收到 5 元。"]
    await tea.notify("paid", sum="3", receipt="R2")
    (pushed,) = await tea.later()
    assert pushed.startswith("收到 3 元。\n茶已发出，收据 R2，3 元。")
    assert pushed.endswith("我们接着办订餐。\n要几份？")
    assert await tea.say("2") == "2 份，可以吗？"


async def test_a_notice_that_no_script_has_words_for_says_nothing(tea: Shop) -> None:
    await tea.notify("unknown")
    assert await tea.later() == []
    assert await tea.later(timedelta(days=1)) == []


async def test_two_processes_tell_a_notice_once(tea: Shop) -> None:
    for number in range(10):
        await tea.notify("ready", key=str(number), name=str(number))
    await asyncio.gather(*(tea.scheduler().run_due() for _ in range(4)))
    assert sorted(await tea.outbox()) == [f"{number}到货了。" for number in range(10)]


async def test_a_notice_whose_process_died_after_its_turn_is_not_told_again(tea: Shop) -> None:
    await tea.notify("ready", name="龙井")
    assert await tea.later() == ["龙井到货了。"]
    async with tea.store.writing() as connection:
        row = {"account": "a", "openid": "o", "key": "ready/k", "name": "ready", "facts": {}}
        await connection.execute(schema.notices.insert(), {**row, "due": NOW, "attempts": 1})
    assert await tea.later() == []


class Failing:
    """Turns that cannot be taken."""

    tries = 0

    async def take(self, inbound: Inbound) -> tuple[Reply, ...]:
        self.tries += 1
        raise ZeroDivisionError


async def test_a_turn_that_fails_is_tried_again_and_given_up_in_the_end(tea: Shop) -> None:
    await tea.notify("ready", name="龙井")
    failing = Failing()
    scheduler = Scheduler(tea.store, {"a": failing}, clock=lambda: tea.now)
    for _ in range(30):
        await scheduler.run_due()
        await scheduler.run_due()
        tea.now += timedelta(hours=2)
    assert failing.tries == ATTEMPTS


async def test_a_session_whose_turn_fails_is_tried_again_later(tea: Shop) -> None:
    await tea.say("我要订餐")
    failing = Failing()
    scheduler = Scheduler(tea.store, {"a": failing}, clock=lambda: tea.now)
    tea.now += 30 * MINUTE
    assert [await scheduler.run_due(), await scheduler.run_due()] == [1, 0]
    assert await tea.later(MINUTE) == ["还要继续办理订餐吗？\n要几份？"]


async def test_the_customer_is_asked_once_whether_to_go_on_and_the_task_is_let_go(
    tea: Shop,
) -> None:
    await tea.say("我要订餐")
    await tea.say("2")
    assert await tea.later(29 * MINUTE) == []
    assert await tea.later(MINUTE) == ["还要继续办理订餐吗？\n2 份，可以吗？"]
    assert await tea.later(timedelta(hours=23)) == []
    (pushed,) = await tea.later(timedelta(hours=1))
    assert "订餐先不办了" in pushed
    assert "订好了" not in await tea.say("好")


async def test_two_processes_ask_once_whether_to_go_on(tea: Shop) -> None:
    await tea.say("我要订餐")
    tea.now += 30 * MINUTE
    await asyncio.gather(*(tea.scheduler().run_due() for _ in range(4)))
    assert await tea.outbox() == ["还要继续办理订餐吗？\n要几份？"]


async def test_a_process_that_was_down_for_long_lets_go_without_asking(tea: Shop) -> None:
    await tea.say("我要订餐")
    (pushed,) = await tea.later(timedelta(days=2))
    assert "订餐先不办了" in pushed


@pytest.mark.parametrize(("said", "answer"), [("好", "要几份？"), ("不要", "订餐不办了")])
async def test_a_bare_yes_or_no_answers_whether_to_go_on(tea: Shop, said: str, answer: str) -> None:
    await tea.say("我要订餐")
    await tea.later(30 * MINUTE)
    assert answer in await tea.say(said)


async def test_a_message_in_time_puts_the_question_off(tea: Shop) -> None:
    await tea.say("我要订餐")
    tea.now += 20 * MINUTE
    await tea.say("2")
    assert await tea.later(20 * MINUTE) == []
    assert len(await tea.later(10 * MINUTE)) == 1


async def test_who_cannot_write_holds_notices_and_reminds_nobody(
    store: Store, tmp_path: Path
) -> None:
    tea = shop_over(store, tmp_path, may_write=False)
    await tea.say("我要订餐")
    await tea.notify("ready", name="龙井")
    tea.now += timedelta(minutes=31)
    await tea.scheduler().run_due()
    async with store.reading() as connection:
        rows = list(await connection.execute(select(schema.outbox)))
    assert [row.due for row in rows] == [HELD]
    assert words(late.read([rows[0].reply])) == "龙井到货了。"


async def test_who_left_hears_nothing_more(tea: Shop) -> None:
    await tea.notify("ready", name="龙井")
    leaving = Inbound(account="a", openid="o", key="bye", at=NOW, event="unsubscribe")
    await tea.turns.take(leaving)
    assert await tea.later() == []


async def test_the_server_runs_what_is_due_when_the_bell_rings(tea: Shop) -> None:
    running = asyncio.create_task(tea.scheduler().run())
    await tea.notify("ready", name="龙井")
    while not (pushed := await tea.outbox()) and not running.done():
        tea.store.bell.ring()
        await asyncio.sleep(0)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert pushed == ["龙井到货了。"]


async def test_a_notice_needs_a_customer(store: Store) -> None:
    async with store.reading() as connection:
        with pytest.raises(ValueError, match="which account"):
            await Work(connection, NOW, "", "").notify("ready", {}, key="k")
