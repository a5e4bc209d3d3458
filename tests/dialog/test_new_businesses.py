"""订机票 and 挂号: businesses of other companies, added by data alone, over HTTP on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from typer.testing import CliRunner

from engine import assets, late, reporting
from engine.acting import Backends
from engine.business.following import following
from engine.business.http import signature
from engine.business.provider import Business
from engine.channels.http import HttpPost
from engine.cli import app
from engine.dialog import checking
from engine.dialog.scripts import loading
from engine.message import Inbound
from engine.nlu import dataset
from engine.nlu.interpreter import Interpreter
from engine.scheduler import Scheduler
from engine.store import Store
from engine.turn import Turns

FOLDER = Path(__file__).parents[1] / "businesses"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))
ADDRESS = "http://127.0.0.1:9100"
SECRET = "a secret of the company"

#: A company without a line of Python.
NOTHING = Business("none").with_parts(following)

FLIGHTS = [
    {"flight_no": "MU5301", "departure": "2026-11-24T08:30", "price": "520"},
    {"flight_no": "CA1837", "departure": "2026-11-24T13:05", "price": "610"},
    {"flight_no": "CZ3504", "departure": "2026-11-24T19:40", "price": "480"},
]
DOCTORS = [
    {"id": "d1", "name": "李主任", "title": "主任医师", "fee": "50", "left": "3"},
    {"id": "d2", "name": "王医生", "title": "主治医师", "fee": "20", "left": "12"},
]


@dataclass
class Company:
    """The systems of an airline agency and of a hospital: signed calls, every key once."""

    url: str = ""
    fares: dict[str, str] = field(default_factory=lambda: {"economy": "520", "business": "1980"})
    refusals: list[dict[str, Any]] = field(default_factory=list)
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        stamp, key = request.headers["Banli-Timestamp"], request.headers.get("Idempotency-Key", "")
        expected = signature(SECRET, timestamp=stamp, key=key, body=body)
        assert request.headers["Banli-Signature"] == expected
        name, asked = request.path.strip("/"), await request.json()
        self.calls.append((name, asked))
        if name in ("tickets", "appointments"):
            return web.json_response(self.act(name, asked, key))
        assert not key
        return web.json_response(self.answer(name, asked))

    def answer(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        if name == "flights":
            return {"ok": FLIGHTS if asked["date"] == "2026-11-24" else []}
        if name == "doctors":
            return {"ok": DOCTORS if asked["date"] == "2026-11-24" else []}
        cabin = asked["cabin"]
        if cabin not in self.fares:
            return {"refused": {"reason": "sold_out", "left": list(self.fares)}}
        names = {"economy": "经济舱", "business": "公务舱"}
        return {"ok": [{"cabin": cabin, "name": names[cabin], "price": self.fares[cabin]}]}

    def act(self, name: str, asked: dict[str, Any], key: str) -> dict[str, Any]:
        if self.refusals:
            return {"refused": self.refusals.pop(0)}
        number = len(self.done) + 1
        made = {"order_no": f"T{number}", "price": asked.get("price"), "number": number}
        made |= {
            "until": "2026-11-23T10:30",
            "page": "https://pay.example.com/T1",
            "room": "203 室",
        }
        return {"ok": self.done.setdefault(key, made)}

    def asked(self, name: str) -> list[dict[str, Any]]:
        return [asked for called, asked in self.calls if called == name]


@dataclass
class Chat:
    """One customer's conversation."""

    turns: Turns
    number: int = 0

    async def say(self, text: str, *, payload: str = "") -> str:
        """The words, labels of buttons and link that come back."""
        self.number += 1
        replies = await self.turns.take(
            Inbound(
                account="a", openid="o", key=str(self.number), at=NOW, text=text, payload=payload
            )
        )
        parts = [part for r in replies for part in (r.text, *(b.label for b in r.buttons), r.link)]
        return "\n".join(filter(None, parts))


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    """Trained as docs/scripts.md says: the own phrases, and the program's acts."""
    model = tmp_path_factory.mktemp("businesses") / "nlu"
    trained = CliRunner().invoke(
        app, ["train", "--with-acts", str(FOLDER / "nlu"), "--out", str(model)]
    )
    assert trained.exit_code == 0, trained.output
    return Interpreter.load(model, lexicons=assets.data() / "lexicons")


@pytest.fixture
async def company() -> AsyncIterator[Company]:
    fake = Company()
    served = web.Application()
    served.router.add_post("/{name}", fake.handle)
    runner = web.AppRunner(served)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield fake
    await runner.cleanup()


@pytest.fixture
async def chat(
    store: Store, company: Company, interpreter: Interpreter, tmp_path: Path
) -> AsyncIterator[Chat]:
    for file in (FOLDER / "dialogs").glob("*.yaml"):
        text = file.read_text("utf-8").replace(ADDRESS, company.url)
        (tmp_path / file.name).write_text(text, "utf-8")
    async with HttpPost() as post:
        backends = Backends(NOTHING, post, secrets=lambda name: SECRET)
        yield Chat(Turns(store, interpreter, loading.load(tmp_path), backends, clock=lambda: NOW))


def test_the_scripts_and_their_phrases_are_without_a_problem() -> None:
    examples = dataset.read([FOLDER / "nlu"])
    scripts = loading.load(FOLDER / "dialogs")
    assert checking.check(scripts, NOTHING, examples=examples) == []


async def test_a_flight_is_booked(chat: Chat, company: Company) -> None:
    assert "08:30 起飞 520 元起" in await chat.say("我要订明天上海到广州的机票")
    assert "经济舱还是公务舱" in await chat.say("早上那班")
    assert "姓名" in await chat.say("经济舱")
    assert "身份证号" in await chat.say("张三")
    readback = await chat.say("11010119900307002X")
    assert "张三（110101********002X），MU5301" in readback
    assert "上海→广州，经济舱，票价 520 元" in readback
    done = await chat.say("确认")
    assert "订好了，T1，520 元" in done
    assert "https://pay.example.com/T1" in done
    assert "不会重复办理" in await chat.say("确认")
    (ticket,) = company.asked("tickets")
    assert ticket == {
        "flight": "MU5301",
        "date": "2026-11-24",
        "cabin": "economy",
        "meal": None,
        "passenger": "张三",
        "id_number": "11010119900307002X",
        "price": "520",
    }


async def test_a_flight_is_booked_with_detours(chat: Chat, company: Company) -> None:
    assert "从哪个城市出发" in await chat.say("订机票")
    assert "飞到哪里" in await chat.say("上海")
    assert "同一个城市" in await chat.say("上海")
    assert "哪一天出发" in await chat.say("广州")
    assert "没有航班，换一天吧" in await chat.say("后天")
    assert "请选一个航班" in await chat.say("明天")
    assert "每个航班的时间和价格不一样" in await chat.say("为什么")
    assert "经济舱还是公务舱" in await chat.say("最后一个")
    assert "牛肉、鱼，还是素食" in await chat.say("公务舱", payload="cabin=business")
    assert "姓名" in await chat.say("素食")
    assert "身份证号" in await chat.say("李四")
    assert "校验位" in await chat.say("110101199003070021")
    assert "餐食：素食，票价 1980 元" in await chat.say("11010119900307002X")
    changed = await chat.say("换成经济舱")
    assert "经济舱，票价 520 元" in changed
    assert "餐食" not in changed
    company.refusals = [{"reason": "price_changed", "price": "560"}]
    company.fares["economy"] = "560"
    assert "票价刚刚变成了 560 元" in await chat.say("确认")
    assert "票价 560 元" in await chat.say("经济舱")
    assert "订好了，T1，560 元" in await chat.say("好的")
    assert company.asked("tickets")[-1]["meal"] is None


async def test_a_sold_out_cabin_offers_what_is_left(chat: Chat, company: Company) -> None:
    del company.fares["economy"]
    await chat.say("我要订明天上海到广州的机票")
    await chat.say("第一个")
    assert (await chat.say("经济舱")).endswith("\n公务舱")


async def test_a_company_that_does_not_answer_is_told(chat: Chat, company: Company) -> None:
    company.answer = lambda name, asked: {"ok": {"not": "rows"}}  # type: ignore[method-assign]
    assert "系统暂时没有回应" in await chat.say("我要订明天上海到广州的机票")


async def test_a_child_is_registered_with_its_parent(chat: Chat, company: Company) -> None:
    assert "哪一天" in await chat.say("我要挂儿科")
    assert "李主任（主任医师，50 元" in await chat.say("明天")
    assert "就诊人叫什么名字" in await chat.say("第二个")
    assert "家长姓名" in await chat.say("王小明")
    assert "手机号" in await chat.say("王大明")
    assert "哪里不舒服" in await chat.say("13812345678")
    readback = await chat.say("发烧两天了")
    assert "王小明（家长 王大明），11月24日（明天），儿科 王医生，挂号费 20 元" in readback
    company.refusals = [{"reason": "no_more"}]
    assert "王医生的号刚刚挂完了" in await chat.say("确认")
    assert "儿科 李主任，挂号费 50 元" in await chat.say("第一个")
    assert "第 1 号，请到203 室" in await chat.say("确认")
    assert company.asked("appointments")[-1]["guardian"] == "王大明"
    assert company.asked("appointments")[-1]["fee"] == "50"


async def test_the_department_is_changed_at_the_confirmation(chat: Chat, company: Company) -> None:
    await chat.say("挂明天的内科")
    await chat.say("第一个")
    await chat.say("王小明")
    await chat.say("13812345678")
    assert "情况：未说明" in await chat.say("跳过")
    # The doctor is there, too, and is not asked for again.
    assert "外科 李主任" in await chat.say("不对，是外科")
    assert "外科 王医生" in await chat.say("换成王医生")
    company.refusals = [{"reason": "blocked"}]
    assert "请到窗口挂号" in await chat.say("确认")
    assert "没有正在办的业务" in await chat.say("取消")


async def test_a_row_is_named_in_one_breath_with_what_it_depends_on(chat: Chat) -> None:
    await chat.say("我要挂外科")
    assert "就诊人叫什么名字" in await chat.say("明天，王医生")


async def test_another_row_is_named_later(chat: Chat) -> None:
    for text in ("挂明天的内科", "第一个", "王小明"):
        await chat.say(text)
    assert "手机号" in await chat.say("不对，看王医生")
    await chat.say("13812345678")
    assert "内科 王医生，挂号费 20 元" in await chat.say("跳过")
    assert "内科 李主任，挂号费 50 元" in await chat.say("还是李主任吧")
    assert "内科 王医生" in await chat.say("不要李主任，要王医生")


async def test_what_was_told_outlasts_a_system_that_is_silent(chat: Chat, company: Company) -> None:
    answer = company.answer
    company.answer = lambda name, asked: {"no": "answer"}  # type: ignore[method-assign]
    assert "系统暂时没有回应" in await chat.say("挂明天的内科")
    assert "系统暂时没有回应" in await chat.say("好了吗")
    company.answer = answer  # type: ignore[method-assign]
    assert "请选医生" in await chat.say("再试试")


async def registered(chat: Chat) -> None:
    for text in ("挂明天的内科", "第一个", "王小明", "13812345678", "跳过"):
        await chat.say(text)
    assert "挂好了" in await chat.say("确认")


async def told(chat: Chat, store: Store, *, at: datetime = NOW) -> list[str]:
    """What the customer is told by this time without having asked."""
    await Scheduler(store, {"a": chat.turns}, clock=lambda: at).run_due()
    return [reply.text for reply in await late.taken(store, account="a", openid="o")]


async def happen(chat: Chat, store: Store, facts: dict[str, str], key: str) -> None:
    async with store.writing() as connection:
        await reporting.happen(
            connection, NOTHING, {"a": chat.turns.scripts}, "visit_changed", facts, key=key, now=NOW
        )


async def test_what_becomes_of_a_visit_is_told_once_and_to_its_end(
    chat: Chat, store: Store
) -> None:
    await registered(chat)
    for key in ("1", "1"):
        await happen(chat, store, {"order_no": "T1", "what": "改到 205 室"}, key)
    await happen(chat, store, {"order_no": "T2", "what": "别人的"}, "2")
    assert await told(chat, store) == ["您挂的号有变动：改到 205 室"]
    await happen(chat, store, {"order_no": "T1", "what": "停诊"}, "3")
    await happen(chat, store, {"order_no": "T1", "what": "又开诊"}, "4")
    assert await told(chat, store) == ["您挂的号有变动：停诊"]


async def test_a_visit_is_remembered_the_evening_before(chat: Chat, store: Store) -> None:
    await registered(chat)
    evening = datetime(2026, 11, 23, 20, 0, tzinfo=NOW.tzinfo)
    assert await told(chat, store, at=evening - timedelta(minutes=1)) == []
    assert await told(chat, store, at=evening) == ["明天就诊：李主任，203 室。"]


async def test_who_wants_no_notices_gets_none(chat: Chat, store: Store) -> None:
    await registered(chat)
    assert "T1 的变动和提醒都不再发给您" in await chat.say("别再发就诊通知了")
    await happen(chat, store, {"order_no": "T1", "what": "停诊"}, "1")
    assert await told(chat, store, at=NOW + timedelta(days=1)) == []
    assert "没有要通知的号" in await chat.say("别再发就诊通知了")


async def test_facts_that_the_words_need_are_demanded(chat: Chat, store: Store) -> None:
    with pytest.raises(reporting.ReportError, match="misses what"):
        await happen(chat, store, {"order_no": "T1"}, "1")
    with pytest.raises(reporting.ReportError, match="needs an Idempotency-Key"):
        await happen(chat, store, {"order_no": "T1", "what": "停诊"}, "")
