from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.relay.markup import Choice, Part, parse

CHOICE = '<a href="weixin://bizmsgmenu?msgmenucontent={}&msgmenuid={}">{}</a>'


def test_choices_are_cut_out_of_the_text_with_their_lines() -> None:
    lines = [CHOICE.format("%E9%9D%A0%E7%AA%97", "seat%3Dwindow", "靠窗")]
    lines += [CHOICE.format("12A", "seat=12A", "12A")]

    marked = parse("请选座位：\n" + "\n".join(lines))

    assert marked.parts == (Part("请选座位："),)
    assert marked.choices == (Choice("靠窗", "seat=window"), Choice("12A", "seat=12A"))


def test_a_plus_sign_in_a_payload_stays() -> None:
    assert parse(CHOICE.format("A", "front+window", "A")).choices[0].id == "front+window"


def test_an_escaped_ampersand_is_an_ampersand() -> None:
    anchor = CHOICE.format("A", "b", "A").replace("&", "&amp;")
    assert parse(anchor).choices == (Choice("A", "b"),)


def test_a_web_link_keeps_its_place() -> None:
    marked = parse("看<a href='https://example.org/?a=1'>这里</a>吧")
    assert marked.parts == (Part("看"), Part("这里", "https://example.org/?a=1"), Part("吧"))


@pytest.mark.parametrize(
    "text",
    [
        '<a href="javascript:alert(1)">点我</a>',
        '<a href="data:text/html,x">点我</a>',
        '<a href="http://">点我</a>',
        '<a href="http://[">点我</a>',
        "<b>粗</b> <img src=x onerror=alert(1)>",
    ],
)
def test_whatever_is_no_link_stays_as_it_is_written(text: str) -> None:
    assert parse(text).parts == (Part(text),)


@given(st.text())
def test_text_without_anchors_is_one_run(text: str) -> None:
    plain = text.replace("<", "〈")
    assert "".join(part.text for part in parse(plain).parts) == plain.rstrip()


@given(st.text(alphabet='<a href="weixin://bizmsgmenu?msgmenuid=1&>/\n 好', max_size=60))
def test_hostile_text_gives_only_web_links(text: str) -> None:
    assert all(not part.href or part.href.startswith("http") for part in parse(text).parts)
