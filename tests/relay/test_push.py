from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.relay.push import MsgIds
from engine.relay.xml import read, text, write


def test_message_ids_rise_when_the_clock_stands_or_goes_back() -> None:
    times = iter([1000, 1000, 999, 2000])
    ids = MsgIds(lambda: next(times))

    given_out = [ids.next() for _ in range(4)]

    assert given_out == sorted(set(given_out))


def test_message_ids_go_on_above_the_last_of_an_earlier_run() -> None:
    assert MsgIds(lambda: 0, last=2**62).next() == 2**62 + 1


XML_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="￾￿"))


@given(XML_TEXT)
def test_whatever_a_customer_writes_is_read_as_it_is(said: str) -> None:
    assert text(read(write({"Content": said, "MsgId": 1}).encode()), "Content") == said


@given(st.text(alphabet="]>[<!CDAT", max_size=30))
def test_the_end_of_a_section_cannot_be_forged(said: str) -> None:
    assert text(read(write({"Content": said}).encode()), "Content") == said
