"""What a free answer holds, what of it is about something else, and what leaves it out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from engine.business.provider import Business, Row
from engine.dialog import checking
from engine.dialog.scripts import loading

REPAIR = """\
intent: repair
title: 修表
example: 我要修表
slots:
  brand: {ask: 什么牌子？, choices: [{value: a, label: 海鸥}, {value: b, label: 上海}]}
  model: {type: text, ask: 什么型号？}
  band: {ask: 表带要几寸的？, choices: [{value: "6", label: 6寸}, {value: "8", label: 8寸}]}
  part:
    options: {query: shop.parts, value: id, label: "{{ name }}（约{{ minutes }}分钟）"}
    ask: 修什么？
  coupon: {type: text, ask: 有优惠码吗？没有就说「没有」。, skip: 无, called: 优惠码}
  words: {type: text, ask: 背面刻字写什么？不刻就说「不刻」。, skip: 无, called: [刻字]}
  owner: {type: person}
answer:
  say: "{{ brand }} {{ model }} {{ band }} {{ part }} {{ coupon }} {{ words }}"
"""
BEGUN = "我要修表"


@pytest.fixture
def say(talk: Callable[..., Any], tmp_path: Path) -> Callable[..., Awaitable[str]]:
    """Says several things to the workshop; what was said back to the last one."""
    business = Business("shop")

    @business.query
    async def parts(_: object) -> list[Row]:
        named = (("1", "换表蒙", "60"), ("2", "换电池", "30"))
        return [{"id": at, "name": name, "minutes": minutes} for at, name, minutes in named]

    conversation = talk()
    (tmp_path / "workshop").mkdir()
    (tmp_path / "workshop" / "repair.yaml").write_text(REPAIR, "utf-8")
    conversation.scripts = loading.load(tmp_path / "workshop")
    checking.demand(conversation.scripts, business)
    conversation.acts.business = business

    async def tell(*texts: str, seems: str = "") -> str:
        replies = ()
        for text in texts:
            intent = "repair" if text == BEGUN else seems
            replies = (await conversation.say(text, intent, sure=0.9)).replies
        return replies[0].text.partition("\n")[0]

    return tell


@pytest.mark.parametrize("model", ["海鸥13", "海鸥K70", "D60"])
async def test_a_free_answer_is_taken_whole_with_the_label_in_it(say: Any, model: str) -> None:
    assert "表带要几寸" in await say(BEGUN, "海鸥", model)
    assert "修什么" in await say("八寸")
    assert await say("换电池", "没有", "不刻") == f"海鸥 {model} 8寸 2 无 无"


async def test_a_number_in_a_free_answer_chooses_no_row(say: Any) -> None:
    assert "修什么" in await say(BEGUN, "海鸥", "北街60", "8寸")


@pytest.mark.parametrize("said", ["六寸吧", "6寸", "要六寸的"])
async def test_a_label_with_a_number_is_known_however_it_is_written(say: Any, said: str) -> None:
    assert "修什么" in await say(BEGUN, "海鸥", "D1", said)


@pytest.mark.parametrize("said", ["十六寸", "16寸"])
async def test_another_number_that_ends_so_is_another_one(say: Any, said: str) -> None:
    assert "没太明白" in await say(BEGUN, "海鸥", "D1", said)


@pytest.mark.parametrize("none", ["没优惠码", "没码", "没有优惠码", "优惠码没有", "不用了"])
async def test_what_is_asked_for_beside_a_no_leaves_it_out(say: Any, none: str) -> None:
    reply = await say(BEGUN, "海鸥", "D1", "8寸", "换电池", none, "刻字就不用了")
    assert reply == "海鸥 D1 8寸 2 无 无"


async def test_a_code_beside_a_no_is_one(say: Any) -> None:
    assert " 不要了X1 " in await say(BEGUN, "海鸥", "D1", "8寸", "换电池", "不要了X1", "不刻")


@pytest.mark.parametrize("none", ["不想说", "不方便说", "没什么要说的", "不填了"])
async def test_who_does_not_want_to_tell_leaves_it_out(say: Any, none: str) -> None:
    assert "刻字写什么" in await say(BEGUN, "海鸥", "D1", "8寸", "换电池", none)
    assert await say("不刻") == "海鸥 D1 8寸 2 无 无"


async def test_a_word_that_could_be_a_name_is_a_free_answer(say: Any) -> None:
    reply = await say(BEGUN, "海鸥", "D1", "8寸", "换电池", "没有", "衣柜")
    assert reply == "海鸥 D1 8寸 2 无 衣柜"


async def test_what_leaves_it_out_calls_nothing_off(say: Any) -> None:
    await say(BEGUN, "海鸥", "D1", "8寸", "换电池")
    assert "刻字写什么" in await say("算了不要优惠码", seems="cancel")


@pytest.mark.parametrize("said", ["看错了，是X1", "是X1", "优惠码X1", "打错了 应该是X1"])
async def test_words_that_lead_to_an_answer_are_no_part_of_it(say: Any, said: str) -> None:
    assert "X1 无" in await say(BEGUN, "海鸥", "D1", "8寸", "换电池", said, "不刻")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("刻字生日快乐", "生日快乐"),
        ("刻字就写平安", "平安"),
        ("刻字的师傅随便写", "刻字的师傅随便写"),
    ],
)
async def test_the_name_that_a_question_asks_by_only_leads_to_its_answer(
    say: Any, said: str, words: str
) -> None:
    await say(BEGUN, "海鸥", "D1", "8寸", "换电池", "没有")
    assert await say(said) == f"海鸥 D1 8寸 2 无 {words}"


async def test_what_was_done_wrong_is_an_answer_by_itself(say: Any) -> None:
    await say(BEGUN, "海鸥", "D1", "8寸", "换电池", "没有")
    assert await say("填错型号了") == "海鸥 D1 8寸 2 无 填错型号了"


async def test_what_only_resembles_a_call_for_a_person_is_an_answer(say: Any) -> None:
    await say(BEGUN, "海鸥", "D1", "8寸", "换电池", "没有")
    assert await say("个人", seems="handoff") == "海鸥 D1 8寸 2 无 个人"


@pytest.mark.parametrize("said", ["不是D1，是D2", "不是D1，应该是D2吧", "不叫D1，叫D2"])
async def test_what_a_slot_holds_is_replaced_by_naming_it(say: Any, said: str) -> None:
    await say(BEGUN, "海鸥", "D1", "8寸", "换电池", "没有", said)
    assert await say("不刻") == "海鸥 D2 8寸 2 无 无"


@pytest.mark.parametrize("said", ["优惠码再加一个K9", "优惠码后面加上K9"])
async def test_what_is_added_by_the_name_of_a_slot_stands_beside_what_it_holds(
    say: Any, said: str
) -> None:
    await say(BEGUN, "海鸥", "D1", "8寸", "换电池", "X1", said)
    assert await say("不刻") == "海鸥 D1 8寸 2 X1，K9 无"


async def test_a_question_whether_it_is_replaces_nothing(say: Any) -> None:
    reply = await say(BEGUN, "海鸥", "D1", "8寸", "换电池", "没有", "不是D1，是什么")
    assert reply.startswith("海鸥 D1 ")


async def test_small_talk_is_what_is_to_be_written(say: Any) -> None:
    await say(BEGUN, "海鸥", "D1", "8寸", "换电池", "没有")
    assert await say("我爱你", seems="chitchat") == "海鸥 D1 8寸 2 无 我爱你"


async def test_small_talk_is_no_code(say: Any) -> None:
    await say(BEGUN, "海鸥", "D1", "8寸", "换电池")
    assert "优惠码" not in await say("我爱你", seems="chitchat")


async def test_the_label_in_a_free_answer_changes_no_choice_that_was_made(say: Any) -> None:
    await say(BEGUN, "海鸥", "D1", "8寸", "换电池", "没有")
    assert await say("上海制造") == "海鸥 D1 8寸 2 无 上海制造"


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ("修表，备注表带要留着", "表带要留着"),
        ("修表，备注先不写了", None),
        ("修表，备注改一下", None),
    ],
)
async def test_a_remark_needs_no_word_before_it(
    talk: Callable[..., Any], said: str, note: str | None
) -> None:
    script = """\
intent: order
title: 修表
example: 我要修表
slots:
  model: {type: text, ask: 什么型号？}
  note: {type: text, ask: 还有什么要说的？, skip: 无, called: [备注]}
answer: {say: "{{ model }} {{ note }}"}
"""
    decision = await talk(script).say(said, "order")
    assert decision.trace.slots.get("note") == note
