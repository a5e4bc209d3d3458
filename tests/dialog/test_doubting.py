"""What was heard badly: read back, or asked for again, and never acted on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.dialog.dialog import Decision
from engine.dialog.moment.voice import Voice, grouped, shown
from engine.nlu.grammar import find_entities
from engine.speech.heard import Heard, Word

Start = Callable[..., Any]

NUMBER = "幺三八幺二三四五六七八"
READ_BACK = "请核对：手机号 138 1234 5678，对吗？"


def said(decision: Decision) -> str:
    return "\n".join(reply.text for reply in decision.replies)


async def at_the_phone(talk: Start) -> Any:
    talking = talk()
    await talking.tell("我要订餐", "炒饭", "2")
    return talking


async def at_the_confirmation(talk: Start) -> Any:
    talking = await at_the_phone(talk)
    assert "可以吗" in await talking.tell("13812345678", "跳过")
    return talking


async def test_what_is_heard_surely_is_as_good_as_typed(talk: Start) -> None:
    talking = await at_the_phone(talk)
    heard = await talking.speak(NUMBER)
    assert heard.trace.slots["phone"] == "13812345678"
    assert [reply.heard for reply in heard.replies] == ["听到：138 1234 5678"]
    assert heard.heard == "138 1234 5678"


async def test_what_is_typed_shows_nothing_as_heard(talk: Start) -> None:
    decision = await talk().say("我要订餐")
    assert (decision.heard, decision.replies[0].heard) == ("", "")


async def test_a_number_in_doubt_is_read_back_in_groups_before_it_fills_anything(
    talk: Start,
) -> None:
    talking = await at_the_phone(talk)
    heard = await talking.speak(NUMBER, 0.5)
    assert said(heard) == READ_BACK
    assert heard.trace.repair == "read_back"
    assert "phone" not in heard.trace.slots
    assert [button.label for button in heard.replies[0].buttons] == ["对", "不对"]


@pytest.mark.parametrize("sure", [1.0, 0.9])
async def test_a_yes_takes_the_message_that_was_read_back(talk: Start, sure: float) -> None:
    talking = await at_the_phone(talk)
    await talking.speak(NUMBER, 0.5)
    assert (await talking.speak("好", sure)).trace.slots["phone"] == "13812345678"
    assert talking.session.doubt is None


async def test_a_tap_takes_the_message_that_was_read_back_and_no_other(talk: Start) -> None:
    talking = await at_the_phone(talk)
    stale = (await talking.speak("幺三九" + NUMBER[3:], 0.5)).replies[0].buttons[0]
    right = (await talking.speak(NUMBER, 0.5)).replies[0].buttons[0]
    old = await talking.say(stale.label, payload=stale.payload)
    assert said(old) == READ_BACK
    tapped = await talking.say(right.label, payload=right.payload)
    assert tapped.trace.slots["phone"] == "13812345678"
    again = await talking.say(right.label, payload=right.payload)
    assert again.trace.slots["phone"] == "13812345678"


async def test_a_no_asks_for_the_number_again(talk: Start) -> None:
    talking = await at_the_phone(talk)
    wrong = (await talking.speak(NUMBER, 0.5)).replies[0].buttons[1]
    answer = await talking.say(wrong.label, payload=wrong.payload)
    assert "说慢一点" in said(answer)
    assert answer.trace.asks == "phone"
    assert "phone" not in answer.trace.slots


async def test_another_number_takes_the_place_of_the_one_in_doubt(talk: Start) -> None:
    talking = await at_the_phone(talk)
    await talking.speak(NUMBER, 0.5)
    assert (await talking.say("不对，是13900138000")).trace.slots["phone"] == "13900138000"
    assert talking.session.doubt is None


async def test_a_doubtful_yes_to_a_number_in_doubt_is_no_yes(talk: Start) -> None:
    talking = await at_the_phone(talk)
    await talking.speak(NUMBER, 0.5)
    answer = await talking.speak("好", 0.5)
    assert READ_BACK in said(answer)
    assert "phone" not in answer.trace.slots


async def test_a_number_stays_in_doubt_while_nothing_is_heard(talk: Start) -> None:
    talking = await at_the_phone(talk)
    await talking.speak(NUMBER, 0.5)
    assert READ_BACK in said(await talking.mumble("silent"))
    assert READ_BACK in said(await talking.speak("好", 0.1))
    assert (await talking.say("好")).trace.slots["phone"] == "13812345678"


async def test_saying_it_again_leaves_a_number_in_doubt(talk: Start) -> None:
    talking = await at_the_phone(talk)
    await talking.speak(NUMBER, 0.5)
    assert said(await talking.say("再说一遍")) == READ_BACK
    assert (await talking.say("好")).trace.slots["phone"] == "13812345678"


async def test_only_the_words_of_the_number_have_to_be_sure(talk: Start) -> None:
    talking = await at_the_phone(talk)
    words = [("嗯", 0.3), ("那个", 0.3), *((digit, 0.99) for digit in NUMBER)]
    heard = await talking.speak("嗯那个" + NUMBER, 0.3, *words)
    assert heard.trace.slots["phone"] == "13812345678"


async def test_digits_in_doubt_here_and_there_put_the_whole_number_in_doubt(talk: Start) -> None:
    talking = await at_the_phone(talk)
    words = [(digit, 0.4 if at in (4, 8) else 0.99) for at, digit in enumerate(NUMBER)]
    assert said(await talking.speak(NUMBER, 0.4, *words)) == READ_BACK


async def test_of_two_numbers_only_the_one_in_doubt_is_read_back(talk: Start) -> None:
    talking = await at_the_phone(talk)
    other = "幺三九零零幺三八零零零"
    sure, unsure = [(digit, 0.99) for digit in other], [(digit, 0.4) for digit in NUMBER]
    heard = await talking.speak(f"{other}，{NUMBER}", 0.4, *sure, ("，", 0.99), *unsure)
    assert said(heard) == READ_BACK


async def test_a_sentence_waits_as_a_whole_for_its_number(talk: Start) -> None:
    talking = talk()
    await talking.say("我要订餐")
    await talking.say("炒饭")
    await talking.speak(f"两份，电话{NUMBER}", 0.5)
    assert (await talking.say("好")).trace.slots["phone"] == "13812345678"


async def test_a_number_that_nothing_could_take_is_not_read_back(talk: Start) -> None:
    talking = await at_the_phone(talk)
    assert (await talking.speak("充五十元", 0.5)).trace.repair == ""


async def test_digits_of_a_wrong_length_are_shown_in_groups_and_asked_for_again(
    talk: Start,
) -> None:
    talking = await at_the_phone(talk)
    heard = await talking.speak(NUMBER[:-1])
    assert heard.replies[0].heard == "听到：138 1234 567"
    assert "11 位" in said(heard)
    assert heard.trace.asks == "phone"


async def test_a_doubtful_yes_to_an_effect_is_asked_again(talk: Start) -> None:
    talking = await at_the_confirmation(talk)
    answer = await talking.speak("好", 0.6)
    assert "还没有办" in said(answer)
    assert (answer.trace.reject, answer.trace.asks) == ("unsure", "confirm")
    assert not talking.kitchen.orders
    await talking.speak("好", 0.9)
    assert len(talking.kitchen.orders) == 1


async def test_what_means_the_same_in_other_words_counts_for_a_yes(talk: Start) -> None:
    talking = await at_the_confirmation(talk)
    voice = Voice(Heard(text="好", confidence=0.4), agreeing=0.5)
    await talking.say("好", voice=voice)
    assert len(talking.kitchen.orders) == 1


async def test_a_wish_that_was_heard_badly_is_met_and_shown(talk: Start) -> None:
    answer = await talk().speak("我要订餐", 0.1)
    assert (answer.trace.asks, answer.replies[0].heard) == ("dish", "听到：我要订餐")


async def test_a_preference_that_was_heard_badly_is_taken(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭")
    assert (await talking.speak("两份", 0.1)).trace.slots["portions"] == "2"


@pytest.mark.parametrize("heard", ["算了", "不要", "重来", "再见", "嗯哼"])
async def test_what_was_hardly_heard_drops_nothing(talk: Start, heard: str) -> None:
    talking = await at_the_phone(talk)
    answer = await talking.speak(heard, 0.1)
    assert "没有听清" in said(answer)
    assert (answer.trace.reject, answer.trace.asks) == ("unclear", "phone")


@pytest.mark.parametrize(
    "trouble",
    [
        *("silent", "unheard", "too_short", "too_long", "too_big", "not_audio", "damaged"),
        *("too_slow", "busy", "not_fetched", "no_ears", "failed"),
    ],
)
async def test_a_voice_that_is_not_heard_keeps_its_place(talk: Start, trouble: str) -> None:
    talking = await at_the_phone(talk)
    answer = await talking.mumble(trouble, limit=60.0)
    assert said(answer).endswith("留个手机号？")
    assert (answer.trace.reject, answer.trace.asks) == (trouble, "phone")
    assert talking.session.task.tries == 0
    assert answer.replies[0].heard == ""


async def test_a_voice_that_is_not_heard_outside_of_a_task_brings_the_menu(talk: Start) -> None:
    answer = await talk().mumble("too_long", limit=60.0)
    assert "最多 60 秒" in said(answer)
    assert [button.payload for button in answer.replies[0].buttons] == ["/order", "/menu"]


def test_numbers_are_grouped_as_they_are_read_aloud() -> None:
    assert grouped("13812345678") == "138 1234 5678"
    assert grouped("11010119900307002X") == "110101 19900307 002X"
    assert grouped("1381234567") == "138 1234 567"
    assert grouped("8000") == "8000"
    assert grouped("12") == "12"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"给{NUMBER}充五十", "给 138 1234 5678 充五十"),
        ("三二零幺零二二零幺五零六零幺零零八三", "320102********0083"),
        ("三二零幺零二二零幺五零六零幺零零八四", "320102 20150601 0084"),
        ("国航幺二三四", "国航幺二三四"),
        ("啊" * 100, "啊" * 79 + "…"),
        ("", ""),
    ],
)
def test_what_was_heard_is_shown_so_that_it_can_be_compared(
    talk: Start, text: str, expected: str
) -> None:
    assert shown(text, find_entities(text, now=talk().acts.now)) == expected


def test_a_place_is_as_sure_as_its_worst_word() -> None:
    words = (Word("给", 0, 0, 0.2), Word("一百", 0, 0, 0.9), Word("块", 0, 0, 0.7))
    voice = Voice(Heard(text="给一百块", confidence=0.1, words=words))
    assert voice.confidence_at(1, 3) == 0.9
    assert voice.confidence_at(2, 4) == 0.7
    assert voice.confidence_at(0, 4) == 0.2


def test_words_that_do_not_make_up_the_text_say_nothing_about_a_place() -> None:
    voice = Voice(Heard(text="100块", confidence=0.4, words=(Word("一百", 0, 0, 0.9),)))
    assert voice.confidence_at(0, 3) == 0.4
    assert Voice(trouble="silent").confidence_at(0, 1) == 0.0
