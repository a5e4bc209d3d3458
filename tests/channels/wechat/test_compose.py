"""Replies as the messages that an account may send."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from wechatpy.replies import ArticlesReply
from wechatpy.utils import to_text
from xmltodict import parse as to_dict

from engine.channels.wechat import customer, passive
from engine.channels.wechat.compose import CHOOSE, Composer, singles
from engine.channels.wechat.messages import Image, Menu, News, Text, Transfer
from engine.channels.wechat.wire import SHANGHAI
from engine.channels.wechat.words import LIMIT, SHORTENED, links, shorten, size, split
from engine.message import Button, Picture, Reply

SEATS = (Button("12A 靠窗", "seat=12A"), Button("12C 过道", "seat=12C"))
MAP = Picture("receipt", {}, "座位图", "p1")
composer = Composer("https://example.com")


def test_nothing_to_say_is_no_message() -> None:
    assert composer.passive((), follows=True) == (None, ())


def test_a_short_reply_is_one_text() -> None:
    assert composer.passive((Reply(text="好的"),), follows=True) == (Text("好的"), ())


@pytest.mark.parametrize("follows", [True, False])
def test_who_goes_over_to_the_platforms_desk_is_told_so_where_words_can_follow(
    follows: bool,
) -> None:
    said = Reply(text="正在转", transfer=True)
    message, rest = composer.passive((said,), follows=follows)
    assert isinstance(message, Transfer)
    assert [reply.text for reply in rest] == (["正在转"] if follows else [])
    assert singles((Reply(text="", transfer=True),)) == ()
    xml = passive.render(message, openid="o", account_id="gh", now=datetime(2026, 11, 24))
    assert to_dict(xml)["xml"]["MsgType"] == "transfer_customer_service"


@pytest.mark.parametrize("follows", [True, False])
def test_short_replies_are_one_text_together(follows: bool) -> None:
    message, rest = composer.passive((Reply(text="一"), Reply(text="二")), follows=follows)
    assert isinstance(message, Text)
    assert message.content.split() == ["一", "二"]
    assert rest == ()


@pytest.mark.parametrize("follows", [True, False])
def test_choices_are_links_under_the_words(follows: bool) -> None:
    message, rest = composer.passive((Reply(text="坐哪？", buttons=SEATS),), follows=follows)
    assert isinstance(message, Text)
    lines = message.content.split("\n")
    assert lines[0] == "坐哪？"
    assert lines[1] == (
        '<a href="weixin://bizmsgmenu?msgmenucontent=12A%20%E9%9D%A0%E7%AA%97'
        '&msgmenuid=seat%3D12A">12A 靠窗</a>'
    )
    assert rest == ()


def test_a_choice_cannot_break_out_of_its_link() -> None:
    line = links([Button('<"&>', '"><a&=')])
    match = re.fullmatch(r'<a href="[^"]*msgmenucontent=([^"&]*)&msgmenuid=([^"&]*)">"&</a>', line)
    assert match is not None
    assert unquote(match[1]) == '"&'
    assert unquote(match[2]) == '"><a&='


def test_a_picture_is_one_article_titled_by_the_first_line() -> None:
    reply = Reply(text="CA1234 座位图\n请选座位", picture=MAP)
    picture = "https://example.com/media/p1.png"
    news = News("CA1234 座位图", "请选座位", picture, picture)
    assert composer.passive((reply,), follows=True) == (news, ())


def test_an_article_opens_the_link_of_its_reply() -> None:
    message, _ = composer.passive((Reply(text="图", picture=MAP, link="https://l"),), follows=True)
    assert isinstance(message, News)
    assert message.url == "https://l"


def test_a_long_first_line_is_shortened_as_title_and_told_in_full() -> None:
    text = "长" * 100
    message, _ = composer.passive((Reply(text=text, picture=MAP),), follows=True)
    assert isinstance(message, News)
    assert len(message.title) == 64
    assert message.description == text


def test_choices_of_a_picture_follow_where_messages_can_follow() -> None:
    reply = Reply(text="请选座位", picture=MAP, buttons=SEATS)
    message, rest = composer.passive((reply, Reply(text="再见")), follows=True)
    assert isinstance(message, News)
    assert rest == (Reply(text=CHOOSE, buttons=SEATS), Reply(text="再见"))


def test_choices_of_a_picture_are_named_in_it_where_nothing_can_follow() -> None:
    reply = Reply(text="座位图\n请选座位", picture=MAP, buttons=SEATS)
    message, rest = composer.passive((Reply(text="好的"), reply), follows=False)
    assert isinstance(message, News)
    assert message.title == "好的"
    assert message.description == "座位图\n请选座位\n可回复：12A 靠窗、12C 过道"
    assert rest == ()


def test_a_picture_after_words_follows_them() -> None:
    card = Reply(text="登机牌", picture=MAP)
    assert composer.passive((Reply(text="办好了"), card), follows=True) == (
        Text("办好了"),
        (card,),
    )


def test_a_picture_that_was_not_kept_is_told_in_words() -> None:
    reply = Reply(text="看图", picture=Picture("receipt", {}, "12 排靠窗有空位"))
    assert composer.passive((reply,), follows=True) == (Text("看图\n12 排靠窗有空位"), ())


def test_a_long_text_goes_on_in_messages_that_follow() -> None:
    text = "".join(f"第{n}条规定。" for n in range(300))
    message, rest = composer.passive((Reply(text=text, buttons=SEATS),), follows=True)
    assert isinstance(message, Text)
    parts = [message.content, *(reply.text for reply in rest)]
    assert all(size(part) <= LIMIT for part in parts)
    assert "".join(parts) == text + "\n" + links(SEATS)


def test_a_long_text_says_that_it_is_shortened_where_nothing_can_follow() -> None:
    message, rest = composer.passive((Reply(text="规定。" * 900, buttons=SEATS),), follows=False)
    assert isinstance(message, Text)
    assert size(message.content) <= LIMIT
    assert message.content.endswith(SHORTENED + "\n" + links(SEATS))
    assert rest == ()


def test_too_many_choices_are_named_without_links() -> None:
    many = tuple(Button(f"第{n}个座位", f"seat={n}") for n in range(40))
    message, _ = composer.passive((Reply(text="坐哪？", buttons=many),), follows=False)
    assert isinstance(message, Text)
    assert "href" not in message.content
    assert "第39个座位" in message.content


@given(st.text(), st.integers(min_value=4, max_value=200))
def test_split_keeps_every_word_within_the_limit(text: str, limit: int) -> None:
    text = text.encode(errors="replace").decode()
    parts = split(text, limit)
    assert all(size(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text(st.characters(codec="utf-8"), max_size=900))
def test_shortened_words_stay_within_the_limit(text: str) -> None:
    assert size(shorten(text, 300)) <= 300


@given(st.lists(st.builds(Reply, text=st.text("长短。\n <a>", max_size=1500)), max_size=4))
def test_no_message_is_ever_longer_than_the_platform_takes(replies: list[Reply]) -> None:
    for follows in (True, False):
        message, rest = composer.passive(replies, follows=follows)
        texts = [message, *(composer.message(piece) for piece in singles(rest))]
        assert all(size(text.content) <= LIMIT for text in texts if isinstance(text, Text))


def test_a_torn_tag_is_not_left_at_the_end_of_a_part() -> None:
    first, second = split("长" * 30 + '<a href="https://example.com">票</a>', 100)
    assert first == "长" * 30
    assert second.startswith("<a href")


NOW = datetime(2026, 11, 24, 15, 0, tzinfo=SHANGHAI)


def rendered(message: passive.Passive) -> dict[str, object]:
    xml = passive.render(message, openid="o1", account_id="gh_1", now=NOW)
    fields: dict[str, object] = to_dict(to_text(xml))["xml"]
    return fields


def test_a_passive_reply_goes_back_to_its_sender_with_seconds() -> None:
    assert rendered(Text("好]]></Content><MsgType>x")) == {
        "ToUserName": "o1",
        "FromUserName": "gh_1",
        "CreateTime": str(int(NOW.timestamp())),
        "MsgType": "text",
        "Content": "好]]></Content><MsgType>x",
    }


def test_an_article_reads_as_the_one_of_wechatpy() -> None:
    fields = rendered(News("题", "述", "https://p", "https://u"))
    other = ArticlesReply()
    other.add_article(
        {"title": "题", "description": "述", "image": "https://p", "url": "https://u"}
    )
    expected = to_dict(other.render())["xml"]
    assert fields["ArticleCount"] == expected["ArticleCount"]
    assert fields["Articles"] == expected["Articles"]


def test_an_image_names_its_upload() -> None:
    assert rendered(Image("m1"))["Image"] == {"MediaId": "m1"}


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (Reply(text="好"), {"msgtype": "text", "text": {"content": "好"}}),
        (
            Reply(text="坐哪？", buttons=SEATS[:1]),
            {
                "msgtype": "msgmenu",
                "msgmenu": {
                    "head_content": "坐哪？",
                    "list": [{"id": "seat=12A", "content": "12A 靠窗"}],
                    "tail_content": "",
                },
            },
        ),
        (
            Reply(text="题\n述", picture=MAP),
            {
                "msgtype": "news",
                "news": {
                    "articles": [
                        {
                            "title": "题",
                            "description": "述",
                            "url": "https://example.com/media/p1.png",
                            "picurl": "https://example.com/media/p1.png",
                        }
                    ]
                },
            },
        ),
    ],
)
def test_a_customer_service_message_has_the_fields_of_its_kind(
    reply: Reply, body: dict[str, object]
) -> None:
    assert customer.body(composer.message(reply), openid="o1") == {"touser": "o1", **body}


def test_an_image_is_sent_by_its_upload() -> None:
    assert customer.body(Image("m1"), openid="o1")["image"] == {"media_id": "m1"}


def test_singles_are_one_message_each() -> None:
    pieces = singles((Reply(text="请选座位", picture=MAP, buttons=SEATS), Reply(text="长。" * 900)))
    kinds = [type(composer.message(piece)) for piece in pieces]
    assert kinds == [News, Menu, Text, Text, Text]


@pytest.mark.parametrize("follows", [True, False])
def test_what_was_heard_stands_above_a_text_and_under_the_title_of_a_picture(follows: bool) -> None:
    spoken = Reply(text="坐哪？", buttons=SEATS, heard="听到：值机")
    text, _ = composer.passive((spoken,), follows=follows)
    assert isinstance(text, Text)
    assert text.content.startswith("听到：值机\n坐哪？\n")
    card, _ = composer.passive((replace(spoken, picture=MAP),), follows=follows)
    assert isinstance(card, News)
    assert card.title == "坐哪？"
    assert card.description.startswith("听到：值机")


def test_what_was_heard_is_said_once_in_a_late_answer() -> None:
    spoken = Reply(text="长" * LIMIT, buttons=SEATS, heard="听到：值机")
    said = [composer.message(piece) for piece in singles((spoken,))]
    assert "".join(map(repr, said)).count("听到：值机") == 1
