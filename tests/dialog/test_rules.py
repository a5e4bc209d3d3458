"""A conversation with the canteen: what each rule and each act does."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.business.provider import Refused
from engine.dialog.state.session import encode
from engine.message import Kind
from engine.nlu.parse import Intent

Start = Callable[..., Any]

READY = ["我要订餐", "炒饭", "2", "13812345678", "不要辣"]


async def test_a_task_asks_confirms_and_acts_once(talk: Start) -> None:
    talking = talk()
    assert await talking.tell("我要订餐") == "想吃什么？"
    assert await talking.tell("炒饭") == "炒饭要几份？"
    assert await talking.tell("2") == "留个手机号？"
    assert await talking.tell("13812345678") == "有什么要求？"
    read_back = await talking.tell("不要辣")
    assert read_back == "炒饭 2 份，电话 138****5678，要求：不要辣。可以吗？"
    assert not talking.kitchen.orders
    assert "订好了，订单 A1。" in await talking.tell("好")
    told = {"dish": "炒饭", "portions": "2", "phone": "13812345678", "note": "不要辣"}
    assert talking.kitchen.orders == [told]


async def test_a_second_yes_after_the_effect_acts_no_more(talk: Start) -> None:
    talking = talk()
    await talking.tell(*READY, "好")
    assert "已经办好" in await talking.tell("好")
    assert len(talking.kitchen.orders) == 1


async def test_a_yes_long_after_the_effect_shows_the_menu(talk: Start, later: Any) -> None:
    talking = talk()
    await talking.tell(*READY, "好")
    later(talking, timedelta(minutes=11))
    decision = await talking.say("好")
    assert [button.payload for button in decision.replies[0].buttons] == ["/order", "/menu"]


async def test_a_change_and_a_yes_in_one_message_reads_back_again(talk: Start) -> None:
    talking = talk()
    await talking.tell(*READY)
    text = await talking.tell("改成3份")
    assert text == "炒饭 3 份，电话 138****5678，要求：不要辣。可以吗？"
    assert talking.session.task.asking == "confirm"


async def test_the_first_no_at_the_confirmation_asks_what_to_change_the_second_ends(
    talk: Start,
) -> None:
    talking = talk()
    assert "先不办" in await talking.tell(*READY, "不要")
    assert talking.session.task is not None
    assert "不办了" in await talking.tell("不要")
    assert talking.session.task is None
    assert not talking.kitchen.orders


async def test_another_task_in_the_middle_is_answered_and_the_question_comes_again(
    talk: Start,
) -> None:
    talking = talk()
    decision = await talking.say("我要订餐")
    decision = await talking.say("今天有什么菜")
    said = [reply.text for reply in decision.replies]
    assert "牛肉面18元" in said[0]
    assert said[-1].endswith("想吃什么？")
    assert (decision.trace.done, decision.trace.resumes) == ("menu", "order")
    assert await talking.tell("炒饭") == "炒饭要几份？"


async def test_the_words_that_start_a_task_do_not_fill_its_free_text(talk: Start) -> None:
    talking = talk()
    await talking.say("我要订餐")
    assert "dish" not in talking.session.task.slots


@pytest.mark.parametrize(
    ("text", "heard"),
    [("算了", "不办了"), ("再说一遍", "有什么要求"), ("帮助", "正在办订餐"), ("转人工", "400")],
)
async def test_commands_are_no_answer_to_a_free_question(
    talk: Start, text: str, heard: str
) -> None:
    talking = talk()
    assert heard in await talking.tell(*READY[:-1], text)


async def test_free_text_that_only_resembles_a_command_is_an_answer(talk: Start) -> None:
    talking = talk()
    await talking.tell(*READY[:-1])
    decision = await talking.say("不要香菜，早点送", "cancel", sure=0.6)
    assert decision.trace.slots["note"] == "不要香菜，早点送"


async def test_why_explains_the_question_and_asks_it_again(talk: Start) -> None:
    talking = talk()
    said = await talking.tell("我要订餐", "为什么要问这个")
    assert said == "知道菜名才能下单。\n想吃什么？"


async def test_skip_leaves_the_default_and_what_cannot_be_skipped_is_asked_again(
    talk: Start,
) -> None:
    talking = talk()
    assert "不能跳过" in await talking.tell("我要订餐", "跳过")
    decision = None
    for text in [*READY[1:-1], "跳过"]:
        decision = await talking.say(text)
    assert decision.trace.slots["note"] == "无"


async def test_back_asks_the_question_before_again(talk: Start) -> None:
    talking = talk()
    assert await talking.tell("我要订餐", "炒饭", "2", "返回") == "炒饭要几份？"
    assert await talking.tell("返回") == "想吃什么？"
    assert "第一项" in await talking.tell("返回")


async def test_restart_forgets_every_answer(talk: Start) -> None:
    talking = talk()
    assert (await talking.tell("我要订餐", "炒饭", "重来")).endswith("想吃什么？")
    assert not talking.session.task.slots


async def test_repeat_says_the_last_replies_unchanged(talk: Start) -> None:
    talking = talk()
    first = await talking.say("你好")
    assert (await talking.say("再说一遍")).replies == first.replies


async def test_small_talk_is_answered_and_the_question_asked_again(talk: Start) -> None:
    talking = talk()
    for text in ("你好", "谢谢", "讲个笑话"):
        assert (await talking.tell("我要订餐", "炒饭", text)).endswith("炒饭要几份？")
        await talking.tell("算了")


async def test_goodbye_drops_everything(talk: Start) -> None:
    talking = talk()
    assert "再见" in await talking.tell("我要订餐", "炒饭", "再见")
    assert not talking.session.tasks


async def test_what_is_not_understood_at_night_is_asked_in_other_words_then_given_up(
    talk: Start,
) -> None:
    talking = talk()
    talking.acts.now = talking.acts.now.replace(hour=23)
    await talking.tell("我要订餐", "炒饭")
    seen = [await talking.say("嗯哼") for _ in range(5)]
    assert [decision.trace.rule for decision in seen] == ["miss"] * 5
    assert [b.payload for b in seen[2].replies[-1].buttons] == ["/handoff", "/cancel"]
    assert talking.session.task is None
    assert not talking.kitchen.orders


async def test_silence_and_pictures_are_no_wrong_answers(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭")
    assert "没有听到" in (await talking.say("", kind=Kind.VOICE)).replies[0].text
    assert "看不懂" in (await talking.say("", kind=Kind.IMAGE)).replies[0].text
    assert talking.session.task.tries == 0


async def test_a_tapped_button_is_exact(talk: Start) -> None:
    talking = talk()
    await talking.say("", payload="/order")
    decision = await talking.say("面", payload="dish=牛肉面")
    assert decision.trace.slots["dish"] == "牛肉面"


async def test_a_button_of_another_task_does_nothing_to_this_one(talk: Start) -> None:
    talking = talk()
    await talking.say("我要订餐")
    decision = await talking.say("", payload="seat=12A")
    assert decision.trace.slots == {}


async def test_several_matches_are_offered_and_taken_by_number(talk: Start) -> None:
    talking = talk()
    await talking.say("我要订餐")
    decision = await talking.say("面")
    labels = [button.label for button in decision.replies[0].buttons]
    assert labels == ["1. 牛肉面 18 元", "2. 鸡蛋面 12 元"]
    assert await talking.tell("第二个") == "鸡蛋面要几份？"


async def test_a_refused_value_brings_its_own_words_and_offers(talk: Start) -> None:
    talking = talk()
    await talking.say("我要订餐")
    decision = await talking.say("火锅")
    assert decision.replies[0].text == "没有火锅，有牛肉面、鸡蛋面。"
    assert [button.payload for button in decision.replies[0].buttons] == [
        "dish=牛肉面",
        "dish=鸡蛋面",
    ]
    assert decision.trace.reject == "no_dish"


async def test_two_likely_tasks_are_offered_and_the_chosen_one_starts(talk: Start) -> None:
    talking = talk()
    close = (Intent("order", 0.45), Intent("menu", 0.4))
    decision = await talking.say("两份", ranking=close)
    assert decision.trace.rule == "unclear"
    assert [b.label for b in decision.replies[0].buttons] == ["1. 订餐", "2. 查菜单"]
    assert await talking.tell("第一个") == "想吃什么？"


async def test_a_no_before_a_restart_does_not_count_after_it(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "不要", "重来")
    assert "要改哪一项" in await talking.tell("不要")
    assert talking.session.task is not None


PICK = """\
intent: pick
title: 选菜
example: 选一个菜
slots:
  dish:
    options: {query: canteen.dishes, value: dish, label: "{{ dish }} {{ price }} 元"}
    ask: 要哪一个？
answer: {say: "{{ dish }}"}
"""


async def test_words_that_fit_several_choices_leave_those_on_the_table(
    talk: Start, menu: str
) -> None:
    talking = talk(PICK, menu)
    talking.kitchen.prices = {"牛肉面": "18", "鸡蛋面": "15", "炒饭": "15"}
    await talking.say("选一个菜", "pick")
    fewer = await talking.say("15块的", "menu")
    labels = [button.label for button in fewer.replies[0].buttons]
    assert labels == ["1. 鸡蛋面 15 元", "2. 炒饭 15 元"]
    assert (await talking.tell("第二个")).startswith("炒饭")


async def test_a_question_that_speaks_of_several_choices_is_no_choice(
    talk: Start, menu: str
) -> None:
    talking = talk(PICK, menu)
    talking.kitchen.prices = {"牛肉面": "18", "鸡蛋面": "15", "炒饭": "15"}
    await talking.say("选一个菜", "pick")
    answered = await talking.say("15块能买到什么菜", "menu")
    assert answered.trace.done == "menu"
    assert answered.trace.resumes == "pick"


async def test_one_likely_task_is_not_offered_as_a_choice(talk: Start) -> None:
    far = (Intent("order", 0.7), Intent("menu", 0.3))
    assert (await talk().say("两份", ranking=far)).trace.rule == "miss"


async def test_an_intent_without_a_script_is_not_open(talk: Start) -> None:
    talking = talk()
    decision = await talking.say("缴电费", "pay_bill")
    assert "还帮不上" in decision.replies[0].text


async def test_a_followed_account_says_hello_and_other_events_nothing(talk: Start) -> None:
    talking = talk()
    assert (await talking.say("", event="subscribe")).replies[0].buttons
    assert (await talking.say("", event="location")).replies == ()


async def test_more_tasks_than_one_can_keep_in_mind_are_put_off(talk: Start, order: str) -> None:
    others = [
        order.replace("intent: order", f"intent: {name}").replace("title: 订餐", f"title: {name}")
        for name in ("order", "one", "two", "three")
    ]
    talking = talk(*others)
    for name in ("order", "one", "two"):
        await talking.say("开始", name)
    decision = await talking.say("开始", "three")
    assert "先把two办完" in decision.replies[0].text
    assert len(talking.session.tasks) == 3


async def test_a_script_taken_out_of_use_lets_its_customers_go(talk: Start) -> None:
    talking = talk()
    await talking.say("我要订餐")
    left = {"menu": talking.scripts.by_intent["menu"]}
    talking.scripts = dataclasses.replace(talking.scripts, by_intent=left)
    assert "牛肉面18元" in await talking.tell("今天有什么菜")
    assert not talking.session.tasks


async def test_a_refusal_at_the_end_goes_back_to_its_question_with_a_new_key(talk: Start) -> None:
    talking = talk()
    talking.kitchen.refuses.append(Refused("sold_out"))
    said = await talking.tell(*READY, "好")
    assert said == "炒饭卖完了。\n想吃什么？"
    assert talking.session.task.commits == 1
    assert "订好了" in await talking.tell("牛肉面", "好")
    assert [order["dish"] for order in talking.kitchen.orders] == ["牛肉面"]


async def test_a_refusal_that_ends_the_task_leaves_nothing_open(talk: Start) -> None:
    talking = talk()
    talking.kitchen.refuses.append(Refused("shut"))
    assert "打烊" in await talking.tell(*READY, "好")
    assert talking.session.task is None


async def test_a_backend_that_does_not_answer_keeps_everything_for_another_yes(
    talk: Start, unavailable: Exception
) -> None:
    talking = talk()
    talking.kitchen.refuses.append(unavailable)
    assert "没有回应" in await talking.tell(*READY, "好")
    assert "订好了" in await talking.tell("好")
    assert len(talking.kitchen.orders) == 1


async def test_other_messages_wait_while_an_effect_is_in_flight(talk: Start, later: Any) -> None:
    talking = talk()
    await talking.tell(*READY)
    session = talking.session
    session.task.in_flight, session.task.in_flight_by = talking.acts.now, "m9"
    talking.state = encode(session)
    assert "正在为您办理" in await talking.tell("算了")
    later(talking, timedelta(seconds=31))
    assert "订好了" in await talking.tell("怎么样了")


async def test_the_message_that_sent_an_effect_out_takes_it_up_again_at_once(talk: Start) -> None:
    talking = talk()
    await talking.tell(*READY)
    session = talking.session
    session.task.in_flight, session.task.in_flight_by = talking.acts.now, "m9"
    talking.state = encode(session)
    decision = await talking.say("好", key="m9")
    assert "订好了" in decision.replies[0].text
    assert list(talking.acts.ledger) == [session.task.key]


async def test_what_was_done_before_is_no_command(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭", "2", "13812345678")
    decision = await talking.say("重启过", "restart", sure=0.99)
    assert "要求：重启过。可以吗" in decision.replies[0].text


async def test_a_character_of_a_command_in_another_word_is_no_command(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭", "2", "13812345678")
    decision = await talking.say("重点中学那个", "restart", sure=0.99)
    assert "要求：重点中学那个。可以吗" in decision.replies[0].text


async def test_the_welcome_names_what_there_is(talk: Start) -> None:
    welcome = (await talk().say("", event="subscribe")).replies[0].text
    assert "订餐、查菜单" in welcome
    assert "值机" not in welcome
