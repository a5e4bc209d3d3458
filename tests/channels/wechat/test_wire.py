"""Pushes of the platform, as messages of customers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.channels.wechat.errors import Malformed
from engine.channels.wechat.wire import OUTCOME, read, wants_turn
from engine.channels.wechat.xml import cdata, parse
from engine.message import Inbound, Kind

SECONDS = 1_795_500_000


def body(**fields: str) -> bytes:
    common = {
        "ToUserName": "gh_1",
        "FromUserName": "o6_bmjrPTlm6_2sgVt7hMZOPfL2M",
        "CreateTime": str(SECONDS),
        "MsgId": "7000000000000000001",
    }
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in {**common, **fields}.items())
    return f"<xml>{inner}</xml>".encode()


def message(**fields: str) -> Inbound:
    return read(parse(body(**fields)), account="airline")


def event(name: str, **fields: str) -> Inbound:
    return message(MsgType="event", Event=name, MsgId="", **fields)


def test_a_text_is_read_with_its_words_sender_and_time() -> None:
    inbound = message(MsgType="text", Content=cdata(" 充一百 "))
    assert inbound.kind is Kind.TEXT
    assert inbound.text == " 充一百 "
    assert inbound.openid == "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"
    assert inbound.account == "airline"
    assert inbound.at == datetime.fromtimestamp(SECONDS, UTC)
    assert str(inbound.at.utcoffset()) == "8:00:00"
    assert wants_turn(inbound)


def test_a_tapped_choice_carries_its_payload() -> None:
    inbound = message(MsgType="text", Content="12A", bizmsgmenuid="seat=12A")
    assert (inbound.text, inbound.payload) == ("12A", "seat=12A")


@pytest.mark.parametrize(
    ("fields", "kind", "text", "media_id"),
    [
        ({"MsgType": "image", "MediaId": "m1", "PicUrl": "http://p"}, Kind.IMAGE, "", "m1"),
        ({"MsgType": "voice", "MediaId": "m8", "Format": "amr"}, Kind.VOICE, "", "m8"),
        ({"MsgType": "voice", "MediaId": "m8", "MediaId16K": "m16"}, Kind.VOICE, "", "m8"),
        ({"MsgType": "voice", "MediaId": "m8", "MediaId16K": ""}, Kind.VOICE, "", "m8"),
        ({"MsgType": "voice", "MediaId": "m8", "Recognition": ""}, Kind.VOICE, "", "m8"),
        ({"MsgType": "voice", "MediaId": "m8", "Recognition": "充"}, Kind.VOICE, "充", "m8"),
        ({"MsgType": "video", "MediaId": "v", "ThumbMediaId": "t"}, Kind.VIDEO, "", "v"),
        ({"MsgType": "shortvideo", "MediaId": "v"}, Kind.VIDEO, "", "v"),
        ({"MsgType": "location", "Location_X": "1", "Label": "机场"}, Kind.LOCATION, "机场", ""),
        ({"MsgType": "link", "Title": "题", "Url": "http://u"}, Kind.LINK, "题", ""),
    ],
)  # fmt: skip
def test_every_kind_of_message_is_read(
    fields: dict[str, str], kind: Kind, text: str, media_id: str
) -> None:
    inbound = message(**fields)
    assert (inbound.kind, inbound.text, inbound.media_id) == (kind, text, media_id)
    assert wants_turn(inbound)


def test_a_voice_names_its_recording_at_16_khz_where_there_is_one() -> None:
    ids = {"MediaId": "m8", "MediaId16K": cdata(" m16 ")}
    assert message(MsgType="voice", **ids).media_id_16k == "m16"
    assert message(MsgType="voice", MediaId="m8").media_id_16k == ""
    assert message(MsgType="voice", MediaId="m8", MediaId16K="").media_id_16k == ""


@pytest.mark.parametrize(
    ("name", "fields", "event_name", "payload"),
    [
        ("subscribe", {}, "subscribe", ""),
        ("subscribe", {"EventKey": ""}, "subscribe", ""),
        ("subscribe", {"EventKey": "qrscene_gate7", "Ticket": "t"}, "subscribe", "gate7"),
        ("subscribe", {"EventKey": "last_trade_no_4006"}, "subscribe", ""),
        ("unsubscribe", {"EventKey": ""}, "unsubscribe", ""),
        ("SCAN", {"EventKey": "gate7", "Ticket": "t"}, "scan", "gate7"),
        ("scan", {"EventKey": "gate7"}, "scan", "gate7"),
        ("CLICK", {"EventKey": "/checkin"}, "click", "/checkin"),
        ("scancode_waitmsg", {"EventKey": "scan_pass"}, "scancode_waitmsg", "scan_pass"),
    ],
)
def test_events_by_which_a_customer_asks_want_a_turn(
    name: str, fields: dict[str, str], event_name: str, payload: str
) -> None:
    inbound = event(name, **fields)
    assert (inbound.kind, inbound.event, inbound.payload) == (Kind.EVENT, event_name, payload)
    assert wants_turn(inbound)


def test_a_scanned_code_is_told_as_text() -> None:
    result = "<ScanType>qrcode</ScanType><ScanResult>M1ZHANG</ScanResult>"
    assert event("scancode_push", EventKey="k", ScanCodeInfo=result).text == "M1ZHANG"


@pytest.mark.parametrize("name", ["kf_create_session", "kf_close_session"])
def test_the_platforms_desk_tells_when_it_has_a_customer(name: str) -> None:
    inbound = event(name, KfAccount="test1@test")
    assert (inbound.event, wants_turn(inbound)) == (name, True)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("LOCATION", {"Latitude": "23.1", "Longitude": "113.3", "Precision": "119.3"}),
        ("VIEW", {"EventKey": "http://example.com", "MenuId": "1"}),
        ("view_miniprogram", {"EventKey": "pages/index"}),
        ("pic_sysphoto", {"EventKey": "k", "SendPicsInfo": "<Count>1</Count>"}),
        ("pic_photo_or_album", {"EventKey": "k"}),
        ("pic_weixin", {"EventKey": "k"}),
        ("location_select", {"EventKey": "k", "SendLocationInfo": "<Label>x</Label>"}),
        ("TEMPLATESENDJOBFINISH", {"MsgID": "200163836", "Status": "success"}),
        ("MASSSENDJOBFINISH", {"MsgID": "1", "Status": "send success"}),
        ("subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": "<List></List><List></List>"}),
        ("kf_switch_session", {"FromKfAccount": "a@test", "ToKfAccount": "b@test"}),
        ("of_next_year", {}),
    ],
)
def test_other_events_are_only_acknowledged(name: str, fields: dict[str, str]) -> None:
    inbound = event(name, **fields)
    number = fields["MsgID"] if inbound.event == OUTCOME else ""
    assert (inbound.event, inbound.payload) == (name.lower(), number)
    assert not wants_turn(inbound)


def test_an_unknown_kind_of_message_is_only_acknowledged() -> None:
    inbound = message(MsgType="hologram")
    assert inbound.kind is Kind.OTHER
    assert not wants_turn(inbound)


def test_a_repeat_has_the_same_key_and_nothing_else_has() -> None:
    first = message(MsgType="text", Content="好")
    keys = [
        first.key,
        message(MsgType="text", Content="好", MsgId="7000000000000000002").key,
        message(MsgType="text", Content="好", FromUserName="other").key,
        message(MsgType="text", Content="好", CreateTime=str(SECONDS + 1)).key,
        read(parse(body(MsgType="text", Content="好")), account="telecom").key,
        event("CLICK", EventKey="a").key,
        event("CLICK", EventKey="b").key,
        event("VIEW", EventKey="a").key,
        event("VIEW", EventKey="http://example.com/?" + "q" * 1000).key,
        event("VIEW", EventKey="http://example.com/?" + "q" * 1001).key,
    ]
    assert len(set(keys)) == len(keys)
    assert max(map(len, keys)) <= 200
    assert message(MsgType="text", Content="好").key == first.key


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"MsgType": ""},
        {"MsgType": "text"},
        {"MsgType": "text", "Content": "x", "MsgId": ""},
        {"MsgType": "text", "Content": "x", "FromUserName": ""},
        {"MsgType": "text", "Content": "x", "FromUserName": "two words"},
        {"MsgType": "text", "Content": "x", "FromUserName": "o" * 129},
        {"MsgType": "text", "Content": "x", "CreateTime": ""},
        {"MsgType": "text", "Content": "x", "CreateTime": "soon"},
        {"MsgType": "text", "Content": "x", "CreateTime": "-1"},
        {"MsgType": "text", "Content": "x", "CreateTime": "１７９５５００００"},
        {"MsgType": "text", "Content": "x", "CreateTime": "9" * 30},
        {"MsgType": "voice"},
        {"MsgType": "event"},
    ],
)
def test_a_push_that_lacks_what_it_needs_is_malformed(fields: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        message(**fields)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"success",
        b"{}",
        b"<xml>",
        b"<xml></xml",
        b"<json></json>",
        b"\xff\xfe<xml/>",
        b"<xml>\x00</xml>",
        b'<?xml version="1.0"?><!DOCTYPE xml><xml/>',
        b'<!DOCTYPE xml [<!ENTITY a "b">]><xml>&a;</xml>',
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd"><xml/>',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Content>&e;</Content></xml>',
        b"<xml>&undefined;</xml>",
    ],
)
def test_what_is_not_xml_of_the_protocol_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse(data)


def test_deep_nesting_is_survived() -> None:
    deep = b"<xml>" + b"<a>" * 9000 + b"</a>" * 9000 + b"</xml>"
    with pytest.raises(Malformed):
        read(parse(deep), account="airline")


@given(st.text())
def test_character_data_never_leaves_its_element(text: str) -> None:
    fields = parse(f"<xml><Content>{cdata(text)}</Content></xml>".encode())
    survived = "".join(
        c for c in text if c in "\t\n\r" or (c >= "\x20" and c not in "\ufffe\uffff")
    )
    assert fields.text("Content") == survived.replace("\r\n", "\n").replace("\r", "\n")
