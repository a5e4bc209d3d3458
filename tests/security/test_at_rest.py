"""Numbers that went through a conversation are in no file, and nobody of the company sees them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.desk.desk import Customer, Desk
from engine.settings import Settings
from engine.store import conversation, waiting
from engine.store.opening import open_store
from engine.store.waiting import Waiting
from engine.traces import turn_id
from tests.canteen import HERE, NOW, SCRIPT, Canteen, message, turns_of, words

PHONE, ID_NUMBER = "13987654321", "11010119900307002X"
TOLD = [f"我的电话{PHONE}，身份证{ID_NUMBER}", "我要订餐", "2", f"{PHONE}", f"{ID_NUMBER}", "好"]
MESSAGES = [message(text, f"m{number}") for number, text in enumerate(TOLD)]

#: The canteen orders so many portions; the phone number is asked for as a slot of its own.
WITH_PHONE = SCRIPT.replace("CALL", HERE).replace(
    "confirm:", "  phone: {type: phone, ask: 电话？}\nconfirm:"
)


def bytes_of(home: Path) -> bytes:
    return b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())


async def test_numbers_of_a_conversation_are_nowhere_in_the_files(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with await open_store(Settings(home=home)) as store:
        turns = await turns_of(store, tmp_path / "scripts", Canteen(), script=WITH_PHONE)
        said = [words(await turns.take(each)) for each in MESSAGES]
        assert any("订好了" in answer for answer in said)
        written = bytes_of(home)
        assert b"conversation" in written
        assert PHONE.encode() not in written
        assert ID_NUMBER.encode() not in written
    assert PHONE.encode() not in bytes_of(home)
    assert ID_NUMBER.encode() not in bytes_of(home)


async def test_the_desk_and_the_trace_show_no_whole_number(tmp_path: Path) -> None:
    owner = {"account": "a", "openid": "o"}
    async with await open_store(Settings(home=tmp_path / "home")) as store:
        turns = await turns_of(store, tmp_path / "scripts", Canteen(), script=WITH_PHONE)
        for each in MESSAGES:
            await turns.take(each)
        async with store.writing() as connection:
            await waiting.put(connection, Waiting(**owner, since=NOW, reason="asked"))
            traced = [
                line
                for each in MESSAGES
                for line in await conversation.of_turn(connection, turn_id(each.key))
            ]
        desk = Desk(store, {"a": turns}, clock=lambda: NOW)
        shown = msgspec.json.encode([traced, await desk.transcript(Customer("a", "o"))]).decode()
        assert "139****4321" in shown
        assert PHONE not in shown
        assert ID_NUMBER not in shown
