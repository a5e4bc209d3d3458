"""A session survives being kept."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dialog.state.session import Done, Filled, Offer, Session, Task, decode, encode
from engine.message import Button, Picture, Reply
from engine.nlu.parse import Entity, Intent, Parse

TEXT = st.text(max_size=8)
MOMENT = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
ROW = st.dictionaries(TEXT, TEXT | st.integers(-9, 9) | st.booleans() | st.none(), max_size=3)
FILLED = st.builds(Filled, said=TEXT, value=st.none() | TEXT, row=st.none() | ROW)
TASKS = st.builds(
    Task,
    id=TEXT,
    intent=TEXT,
    slots=st.dictionaries(TEXT, FILLED, max_size=3),
    asking=TEXT,
    tries=st.integers(0, 9),
    denied=st.booleans(),
    asked=st.lists(TEXT, max_size=3),
    commits=st.integers(0, 9),
    in_flight=st.none() | MOMENT,
    in_flight_by=TEXT,
)
OFFERS = st.builds(Offer, slot=TEXT, value=TEXT, label=TEXT, row=st.none() | ROW)
ENTITIES = st.builds(
    Entity,
    type=TEXT,
    value=st.none() | TEXT,
    text=TEXT,
    start=st.integers(0, 9),
    end=st.integers(0, 9),
    strict=st.booleans(),
    problem=TEXT,
)
INTENTS = st.builds(Intent, name=TEXT, confidence=st.floats(0, 1))
PARSES = st.builds(
    Parse,
    text=TEXT,
    intent=INTENTS,
    ranking=st.lists(INTENTS, max_size=2).map(tuple),
    entities=st.lists(ENTITIES, max_size=2).map(tuple),
    slots=st.just(()),
)
PICTURES = st.builds(Picture, kind=TEXT, model=ROW, alt=TEXT, id=TEXT)
REPLIES = st.builds(
    Reply,
    text=TEXT,
    buttons=st.lists(st.builds(Button, label=TEXT, payload=TEXT), max_size=2).map(tuple),
    picture=st.none() | PICTURES,
    link=TEXT,
)
SESSIONS = st.builds(
    Session,
    tasks=st.lists(TASKS, max_size=3),
    offers=st.lists(OFFERS, max_size=3),
    wondering=st.none() | PARSES,
    last=st.lists(REPLIES, max_size=2),
    done=st.none() | st.builds(Done, intent=TEXT, title=TEXT, changed=st.booleans(), at=MOMENT),
)


@given(SESSIONS)
def test_a_kept_session_comes_back_as_it_was(session: Session) -> None:
    assert decode(encode(session)) == session


def test_a_customer_without_a_session_has_a_new_one() -> None:
    assert decode(None) == Session()
    assert decode(b"{}") == Session()


def test_new_sessions_share_nothing() -> None:
    one, other = decode(None), decode(None)
    one.tasks.append(Task(id="1", intent="order"))
    assert other.tasks == []


def test_bytes_that_are_no_session_are_refused() -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(b'{"tasks": 1}')


def test_a_key_is_new_after_every_refusal_and_the_same_until_then() -> None:
    task = Task(id="t", intent="order")
    first = task.key
    task.commits += 1
    assert (first, task.key) == ("t.0", "t.1")
