"""A canteen with a script of its own, and a conversation with it without a trained model."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from engine.business.provider import Business, Refused, Row, Unavailable
from engine.dialog import checking
from engine.dialog.dialog import Decision, decide
from engine.dialog.moment.voice import Voice
from engine.dialog.scripts import loading
from engine.dialog.scripts.closing import Closing
from engine.dialog.scripts.loading import Scripts
from engine.dialog.state.session import Session, decode, encode
from engine.message import Inbound, Kind
from engine.nlu.grammar import find_entities
from engine.nlu.parse import OUT_OF_SCOPE, Intent, Parse
from engine.speech.heard import Heard, Word

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))

ORDER = """\
intent: order
title: 订餐
example: 我要订餐
slots:
  dish:
    type: text
    ask:
      - 想吃什么？
      - 请说菜名，例如「面条」。
    why: 知道菜名才能下单。
    resolve:
      query: canteen.find
      with: {dish: said}
      value: dish
      label: "{{ dish }} {{ price }} 元"
      refused:
        no_dish: {say: "没有{{ said }}，有{{ near|listed }}。", offer: near}
  portions:
    type: number
    ask: "{{ dish }}要几份？"
    check:
      - {when: portions > 9, say: 最多九份。}
  phone:
    type: phone
    ask: 留个手机号？
    default: member.phone
  note:
    type: text
    ask: 有什么要求？
    skip: 无
confirm: "{{ dish }} {{ portions }} 份，电话 {{ phone|mask }}，要求：{{ note }}。可以吗？"
answer:
  effect: canteen.order
  with: {dish: dish, portions: portions, phone: phone, note: note}
  say: "订好了，订单 {{ result.order_no }}。"
  refused:
    sold_out: {say: "{{ dish }}卖完了。", clear: dish}
    shut: {say: 今天打烊了。, end: true}
"""

MENU = """\
intent: menu
title: 查菜单
example: 今天有什么菜
slots:
  date: {type: date}
answer:
  query: canteen.dishes
  with: {date: date}
  say: "{% for dish in rows %}{{ dish.dish }}{{ dish.price }}元 {% endfor %}"
"""

#: What an utterance means where no model says so.
MEANINGS = {
    "我要订餐": "order",
    "今天有什么菜": "menu",
    "好": "affirm",
    "不要": "deny",
    "算了": "cancel",
    "返回": "back",
    "重来": "restart",
    "再说一遍": "repeat",
    "跳过": "skip",
    "帮助": "help",
    "转人工": "handoff",
    "你好": "greet",
    "谢谢": "thanks",
    "再见": "goodbye",
    "讲个笑话": "chitchat",
}


@dataclass
class Kitchen:
    """What the canteen has, and what it was told to do."""

    prices: dict[str, str] = field(
        default_factory=lambda: {"牛肉面": "18", "鸡蛋面": "12", "炒饭": "15"}
    )
    refuses: list[Exception] = field(default_factory=list)
    profile: Row | None = None
    orders: list[dict[str, Any]] = field(default_factory=list)

    def business(self) -> Business:
        """The canteen as a script sees it."""
        canteen = Business("canteen")

        @canteen.query
        async def find(_: object, *, dish: str) -> list[Row]:
            found = [{"dish": n, "price": p} for n, p in self.prices.items() if dish in n]
            if not found:
                raise Refused("no_dish", near=list(self.prices)[:2])
            return found

        @canteen.query
        async def dishes(_: object, *, date: str | None = None) -> list[Row]:
            return [{"dish": name, "price": price} for name, price in self.prices.items()]

        @canteen.effect
        async def order(
            _: object, *, dish: str, portions: str, phone: str, note: str | None = None
        ) -> Row:
            if self.refuses:
                raise self.refuses.pop(0)
            told = {"dish": dish, "portions": portions, "phone": phone, "note": note}
            self.orders.append(told)
            return {"order_no": f"A{len(self.orders)}", **told}

        return canteen


@dataclass
class Fake:
    """`Acts` over a business, with a ledger in memory."""

    business: Business
    kitchen: Kitchen
    now: datetime = NOW
    ledger: dict[str, Row] = field(default_factory=dict)
    notices: dict[tuple[str, str], Any] = field(default_factory=dict)
    followed: set[tuple[str, str]] = field(default_factory=set)
    ids: Any = field(default_factory=lambda: map(str, itertools.count(1)))

    def new_id(self) -> str:
        return next(self.ids)

    async def member(self) -> Row | None:
        return self.kitchen.profile

    async def query(self, name: str, arguments: Mapping[str, Any]) -> list[Row]:
        return await self.business.queries[name](None, **arguments)

    async def notify(
        self, notice: str, facts: Mapping[str, Any], *, key: str, at: datetime
    ) -> None:
        self.notices.setdefault((notice, key), (dict(facts), at))

    async def withdraw(self, notice: str, *, key: str) -> None:
        self.notices.pop((notice, key), None)

    async def follow(self, notice: str, about: str) -> None:
        self.followed.add((notice, about))

    async def unfollow(self, notice: str, about: str) -> None:
        self.followed.discard((notice, about))

    async def perform(self, closing: Closing, arguments: Mapping[str, Any], key: str) -> Row:
        if key not in self.ledger:
            self.ledger[key] = await self.business.effects[closing.effect](None, **arguments)
        return self.ledger[key]


@dataclass
class Talk:
    """One customer's conversation; the session is kept as bytes between turns."""

    scripts: Scripts
    acts: Fake
    state: bytes | None = None
    turns: int = 0
    elsewhere: bool = False

    @property
    def kitchen(self) -> Kitchen:
        return self.acts.kitchen

    @property
    def session(self) -> Session:
        return decode(self.state)

    async def say(
        self,
        text: str,
        intent: str = "",
        *,
        sure: float = 1.0,
        ranking: tuple[Intent, ...] = (),
        payload: str = "",
        event: str = "",
        kind: Kind = Kind.TEXT,
        key: str = "",
        voice: Voice | None = None,
    ) -> Decision:
        """Say something and decide the turn; the intent is that of `MEANINGS` unless given."""
        self.turns += 1
        best = Intent(intent or MEANINGS.get(text, OUT_OF_SCOPE), sure)
        parse = Parse(text, best, ranking or (best,), tuple(find_entities(text, now=self.acts.now)))
        inbound = Inbound(
            account="a",
            openid="o",
            key=key or f"m{self.turns}",
            at=NOW,
            text=text,
            payload=payload,
            event=event,
            kind=Kind.EVENT if event else kind,
        )
        session = self.session
        decision = await decide(
            self.scripts, session, inbound, parse, self.acts, voice, elsewhere=self.elsewhere
        )
        session.last = list(decision.replies) or session.last
        self.state = encode(session)
        return decision

    async def speak(self, text: str, sure: float = 1.0, *words: tuple[str, float]) -> Decision:
        """Say something aloud, which is heard with this confidence, or word by word."""
        said = tuple(Word(word, 0.0, 0.0, chance) for word, chance in words)
        voice = Voice(Heard(text=text, confidence=sure, words=said))
        return await self.say(text, kind=Kind.VOICE, voice=voice)

    async def mumble(self, trouble: str, **facts: Any) -> Decision:
        """Send a voice message that is not heard."""
        return await self.say("", kind=Kind.VOICE, voice=Voice(trouble=trouble, facts=facts))

    async def tell(self, *texts: str) -> str:
        """Say several things; what was said back to the last one."""
        decision = None
        for text in texts:
            decision = await self.say(text)
        assert decision is not None
        return "\n".join(reply.text for reply in decision.replies)


@pytest.fixture
def kitchen() -> Kitchen:
    """What the canteen has."""
    return Kitchen()


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes scripts into a folder of their own, by name."""

    def write(**scripts: str) -> Path:
        for name, text in scripts.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def talk(folder: Callable[..., Path], kitchen: Kitchen) -> Callable[..., Talk]:
    """Starts a conversation over scripts, which must be without a fault: of the canteen, or of
    another `business`.
    """

    def start(*scripts: str, elsewhere: bool = False, business: Business | None = None) -> Talk:
        business = business or kitchen.business()
        named = {f"s{number}": text for number, text in enumerate(scripts or (ORDER, MENU))}
        loaded = loading.load(folder(**named))
        checking.demand(loaded, business)
        return Talk(loaded, Fake(business, kitchen), elsewhere=elsewhere)

    return start


@pytest.fixture
def order() -> str:
    """A script with an effect."""
    return ORDER


@pytest.fixture
def menu() -> str:
    """A script that only answers."""
    return MENU


@pytest.fixture
def unavailable() -> Exception:
    """What a backend raises that does not answer."""
    return Unavailable("no answer")


@pytest.fixture
def later() -> Callable[[Talk, timedelta], None]:
    """Lets time pass for a conversation."""

    def wait(talk: Talk, span: timedelta) -> None:
        talk.acts.now = (talk.acts.now.astimezone(UTC) + span).astimezone(NOW.tzinfo)

    return wait
