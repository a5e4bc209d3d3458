"""A script that nobody tuned: what its author leaves unsaid, the conversation knows by itself.

学车: a coach and a lesson are rows of the business, the rest is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from engine import assets
from engine.business.provider import Business, Row
from engine.dialog import checking
from engine.dialog.scripts import loading
from engine.nlu.parse import Intent

MOVE = """\
intent: move
title: 搬家
example: 我要搬家
slots:
  giver: {type: person, ask: 交件人？, called: 交件人}
  giver_phone: {type: phone, ask: 交件人电话？, called: 交件人电话}
  taker: {type: person, ask: 接货人？, called: [接货人], before: [交给]}
  taker_phone: {type: phone, ask: 接货人电话？, called: 接货人电话}
  place: {type: text, ask: 接货地址？, called: 接货地址}
  kind: {ask: 搬什么？, choices: [{value: f, label: 家具}, {value: g, label: 玻璃}]}
  insured: {type: money, ask: 保价多少？不保就说「不保」。, skip: "0"}
  speed:
    options: {query: school.speeds, value: id, label: "{{ days }} 天到，{{ price }} 元"}
    ask: 多快？
  start:
    options: {query: school.starts, value: at, label: "{{ at|day }} {{ at|clock }}"}
    ask: 何时？
answer:
  say: "{{ giver }} {{ giver_phone }} 交给 {{ taker }} {{ taker_phone }}，{{ place }}，\
    {{ kind }}，{{ insured }}，{{ speed.days }}，{{ start }}"
"""

LESSON = """\
intent: lesson
title: 约课
example: 我要约课
slots:
  gear: {ask: 学哪一种？, choices: [手动挡, 自动挡], default: '"手动挡"'}
  coach:
    options: {query: school.coaches, value: id, label: "{{ name }}（{{ fee }} 元，{{ seats }} 座）"}
    ask: 请选教练：
  date: {type: date, ask: 哪一天？, called: 日期}
  start:
    options:
      query: school.lessons
      with: {coach: coach, date: date}
      value: at
      label: "{{ at|clock }}"
      none: {say: 那天没有课。, clear: date}
    ask: 几点上课？
  people: {type: number, ask: 几位学员？}
  child_seats: {type: number, when: people > 2, ask: 要几把儿童座椅？, skip: "0"}
  learner: {type: person, ask: 怎么称呼您？}
  first:
    ask: 有驾照吗？
    choices: [{value: "y", label: 有证}, {value: "n", label: 没考过}]
    if_yes: "y"
    if_no: "n"
  place: {type: text, ask: 在哪里接您？, called: [地址, 上车点]}
  phone: {type: phone, ask: 手机号？}
confirm: "{{ learner }}，{{ gear }}，{{ coach.name }}，{{ date }} {{ start|clock }}，\
  {{ people }} 位，\
  {% if child_seats|int %}座椅 {{ child_seats }} 把，{% endif %}{{ first }}，{{ place }}，\
  {{ phone|mask }}。预约吗？"
yes_label: 约
no_label: 先不约
answer:
  effect: school.book
  with: {coach: coach, date: date, start: start, people: people, child_seats: child_seats,
    learner: learner, first: first, place: place, phone: phone}
  say: "约好了{% if result.gift %}，送{{ result.gift }}{% endif %}。"
  link: "{{ result.gift }}"
"""

COACHES = [
    {"id": "c1", "name": "高远", "fee": "300", "seats": "4"},
    {"id": "c2", "name": "何静", "fee": "180", "seats": "6"},
    {"id": "c3", "name": "马骁", "fee": "220", "seats": "8"},
]
HOURS = ("08:30", "10:00", "14:00", "19:30")
DAY = "2026-11-24"
START = "我要约课"


@pytest.fixture
def school() -> list[dict[str, Any]]:
    """What was booked."""
    return []


@pytest.fixture
def say(
    talk: Callable[..., Any], tmp_path: Path, school: list[dict[str, Any]]
) -> Callable[..., Awaitable[str]]:
    """Says several things to the school; what was said back to the last one, with its buttons."""
    business = Business("school")

    @business.query
    async def coaches(_: object) -> list[Row]:
        return [dict(coach) for coach in COACHES]

    @business.query
    async def lessons(_: object, *, coach: str, date: str) -> list[Row]:
        return [{"at": f"{date}T{hour}"} for hour in HOURS if date >= DAY]

    @business.query
    async def speeds(_: object) -> list[Row]:
        return [{"id": d, "days": d, "price": p} for d, p in (("3", "12"), ("1", "23"), ("5", "8"))]

    @business.query
    async def starts(_: object) -> list[Row]:
        moments = ("2026-11-24T09:00", "2026-11-24T14:00", "2026-11-25T09:00")
        return [{"at": at} for at in moments]

    @business.effect
    async def book(_: object, **told: Any) -> Row:
        school.append(told)
        return {"gift": None}

    conversation = talk()
    (tmp_path / "school").mkdir()
    for name, text in (("lesson", LESSON), ("move", MOVE)):
        (tmp_path / "school" / f"{name}.yaml").write_text(text, "utf-8")
    conversation.scripts = loading.load(tmp_path / "school")
    checking.demand(conversation.scripts, business)
    conversation.acts.business = business

    async def tell(*texts: str, **how: Any) -> str:
        replies = ()
        for text in texts:
            begins = "lesson" if text.startswith(START) else "move" if "搬家" in text else ""
            intent = how.get("intent", begins)
            replies = (await conversation.say(text, intent)).replies
        return "\n".join("|".join((r.text, *(b.label for b in r.buttons), r.link)) for r in replies)

    tell.talk = conversation  # type: ignore[attr-defined]
    return tell


def asked(reply: str, question: str) -> bool:
    return question in reply


@pytest.mark.parametrize(
    ("said", "coach"),
    [
        ("何教练", "何静"),
        ("就找马老师吧", "马骁"),
        ("便宜点的", "何静"),
        ("最贵的那个", "高远"),
        ("大一点的", "马骁"),
        ("两百以下的", "何静"),
        ("250块以上", "高远"),
    ],
)
async def test_a_row_is_known_by_title_price_size_and_bound(
    say: Any, school: Any, said: str, coach: str
) -> None:
    await say(START, said, "明天", "十点", "两位", "王小明", "有证", "北街2号")
    assert coach in await say("13812345678")


async def test_a_bound_that_no_row_is_within_takes_none(say: Any) -> None:
    reply = await say(START, "一百以下的")
    assert "没有这样的" in reply
    assert "高远" in reply


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("晚上八点以后的", ["08:30", "10:00", "14:00", "19:30"]),
        ("十点以后的", ["10:00", "14:00", "19:30"]),
        ("下午三点之前", ["08:30", "10:00", "14:00"]),
    ],
)
async def test_a_time_that_is_a_bound_is_no_choice(say: Any, said: str, hours: list[str]) -> None:
    reply = await say(START, "何静", "明天", said)
    assert [hour for hour in HOURS if hour in reply] == hours
    assert asked(reply, "几点上课")


async def test_rows_and_a_name_are_taken_from_the_sentence_that_named_them_first(say: Any) -> None:
    reply = await say("我要约课，何教练，明天下午两点，三个人，王小明，13812345678")
    assert asked(reply, "几把儿童座椅")
    assert "王小明，手动挡，何静，2026-11-24 14:00，" in await say("两把", "没考过", "北街2号")


async def test_a_time_of_day_beside_the_date_chooses_among_the_rows_of_that_day(say: Any) -> None:
    assert asked(await say(START, "何静", "明天下午"), "几位")


async def test_a_date_beside_a_time_is_taken_while_something_else_is_asked_for(say: Any) -> None:
    assert asked(await say(START, "明天下午两点"), "请选教练")
    assert asked(await say("何静"), "几位")


async def test_what_was_said_with_a_refused_value_chooses_nothing_later(say: Any) -> None:
    assert "那天没有课" in await say(START, "何静", "昨天上午十点")
    assert asked(await say("明天"), "几点上课")


async def test_today_evening_is_a_date_and_a_time(say: Any) -> None:
    await say("我要约课，何静，明晚七点半")
    assert say.talk.session.task.slots["date"].said == DAY


@pytest.mark.parametrize("said", ["2位", "我们两个人", "6点两个人"])
async def test_the_unit_of_a_question_says_what_a_number_is_for(say: Any, said: str) -> None:
    await say(START, said)
    assert say.talk.session.task.slots["people"].said == "2"


@pytest.mark.parametrize(
    ("said", "name"), [("我姓陈", "陈"), ("王先生", "王先生"), ("叫我小李就行", "小李")]
)
async def test_a_surname_or_a_form_of_address_is_a_name(say: Any, said: str, name: str) -> None:
    await say(START, "何静", "明天", "十点", "一位", said)
    assert say.talk.session.task.slots["learner"].value == name


@pytest.mark.parametrize(("said", "value"), [("有一个", "y"), ("没拿到", "n"), ("无", "n")])
async def test_what_there_is_or_is_not_is_a_yes_or_a_no(say: Any, said: str, value: str) -> None:
    await say(START, "何静", "明天", "十点", "一位", "王小明", said)
    assert say.talk.session.task.slots["first"].value == value


@pytest.mark.parametrize(
    ("said", "value"), [("，没考过", "n"), ("，不是没考过", "y"), ("，有证的", "y")]
)
async def test_the_label_of_a_yes_or_no_counts_wherever_it_is_said(
    say: Any, said: str, value: str
) -> None:
    await say(START + said)
    assert say.talk.session.task.slots["first"].said == value


WHOLE = (START, "何静", "明天", "十点", "一位", "王小明", "没考过", "北街2号", "13812345678")


@pytest.mark.parametrize("said", ["约", "约吧", "预约", "预约吧", "好的，约"])
async def test_the_word_on_the_button_and_the_word_of_the_question_are_a_yes(
    say: Any, school: Any, said: str
) -> None:
    await say(*WHOLE)
    await say(said, intent="lesson")
    assert len(school) == 1


@pytest.mark.parametrize("said", ["先不约", "不约了", "预约好了吗", "约别的"])
async def test_words_near_it_are_none(say: Any, school: Any, said: str) -> None:
    await say(*WHOLE, said)
    assert not school


async def test_the_word_on_the_button_for_no_drops_the_task(say: Any) -> None:
    await say(*WHOLE, "先不约")
    assert say.talk.session.task is None


@pytest.mark.parametrize("said", ["地址改成南街8号", "地址错了，是南街8号", "上车点南街8号"])
async def test_free_words_are_changed_by_the_name_of_their_slot(say: Any, said: str) -> None:
    assert "，南街8号，" in await say(*WHOLE, said)


async def test_an_answer_that_is_promised_is_none(say: Any) -> None:
    reply = await say(*WHOLE[:-2], "地址稍后给，电话13812345678")
    assert asked(reply, "在哪里接您")
    assert say.talk.session.task.slots["phone"].said == "13812345678"


async def test_the_next_row_in_a_direction_is_taken_at_the_read_back(say: Any) -> None:
    assert "马骁" in await say(*WHOLE, "换大一点的", "十点")


async def test_what_is_not_known_counts_as_nothing(say: Any, school: Any) -> None:
    assert "座椅" not in await say(*WHOLE)
    reply = await say("好")
    assert "约好了。" in reply
    assert "None" not in reply


@pytest.mark.parametrize("said", ["没了", "就这些"])
async def test_the_end_of_a_list_ends_no_conversation(say: Any, said: str) -> None:
    await say(START)
    await say(said, intent="goodbye")
    assert say.talk.session.task is not None


async def test_what_only_resembles_a_goodbye_loses_nothing(say: Any) -> None:
    await say(START)
    await say.talk.say("结了", "goodbye", sure=0.6)
    assert say.talk.session.task is not None


async def test_a_business_that_is_likely_is_begun_where_a_choice_of_it_is_named(say: Any) -> None:
    likely = (Intent("lesson", 0.6), Intent("menu", 0.1))
    await say.talk.say("明天想学车", "out_of_scope", sure=0.7, ranking=likely)
    assert say.talk.session.task is None
    await say.talk.say("明天想学自动挡", "out_of_scope", sure=0.7, ranking=likely)
    assert say.talk.session.task.slots["gear"].said == "自动挡"


async def test_a_name_and_a_number_are_whose_they_are_said_to_be(say: Any) -> None:
    await say("我要搬家，接货人张伟，电话13900001111")
    slots = say.talk.session.task.slots
    assert {name: filled.said for name, filled in slots.items()} == {
        "taker": "张伟",
        "taker_phone": "13900001111",
    }
    await say("王芳", "13812345678")
    assert say.talk.session.task.slots["giver_phone"].said == "13812345678"


HALFWAY = ("我要搬家，交给李雷", "王芳", "13812345678", "13900001111")


async def test_the_word_that_a_question_gives_for_none_is_none(say: Any) -> None:
    assert asked(await say(*HALFWAY, "北京路8号", "家具", "不保"), "多快")


@pytest.mark.parametrize(
    ("said", "days"), [("最快的", "1"), ("慢一点的", "5"), ("便宜的那种", "5")]
)
async def test_how_long_things_take_is_compared(say: Any, said: str, days: str) -> None:
    await say(*HALFWAY, "北京路8号", "玻璃", "不保", said)
    assert say.talk.session.task.slots["speed"].value == days


async def test_a_choice_is_shown_by_its_label_and_a_moment_chosen_by_day_and_time_of_day(
    say: Any,
) -> None:
    reply = await say(*HALFWAY, "北京路8号", "玻璃", "不保", "最快的", "后天早上")
    assert "玻璃，0，1，2026-11-25T09:00" in reply


async def test_what_is_named_whole_is_read_for_nothing_else(say: Any) -> None:
    """A number in an address is the address's."""
    await say(*HALFWAY, "北京路8号", "家具")
    await say("接货地址改成13700000000号楼")
    assert say.talk.session.task.slots["taker_phone"].value == "13900001111"


HALL = """\
intent: hall
title: 借礼堂
example: 我要借礼堂
slots:
  date: {type: date, ask: 哪天？}
  begin: {type: time, ask: 几点开始？, called: 开始时间}
  end:
    type: time
    ask: 几点结束？
    called: 结束时间
    check: [{when: end <= begin, say: 结束要晚于开始。}]
  hours: {type: number, ask: 布置要几个小时？}
  room:
    options: {query: school.halls, value: id, label: "{{ name }}（{{ floor }} 楼，{{ note }}）"}
    ask: 哪一间？
  host: {type: person, ask: 谁来主持？}
  tools: {ask: 要自带话筒吗？, choices: [{value: "y", label: 带}, {value: "n", label: 借}],
    if_yes: "y", if_no: "n"}
answer:
  say: "{{ date }} {{ begin }}–{{ end }}，{{ hours }}，{{ room.name }}，{{ host }}，{{ tools }}"
"""


@pytest.fixture
def borrow(say: Any, tmp_path: Path) -> Callable[..., Awaitable[str]]:
    """Says several things about a hall."""
    (tmp_path / "hall").mkdir()
    (tmp_path / "hall" / "hall.yaml").write_text(HALL, "utf-8")
    business: Business = say.talk.acts.business

    @business.query
    async def halls(_: object) -> list[Row]:
        rows = (("a", "明德堂", 2, "没有屏幕"), ("b", "启智堂", 3, "有投影"))
        return [{"id": i, "name": n, "floor": f, "note": note} for i, n, f, note in rows]

    say.talk.scripts = loading.load(tmp_path / "hall")

    async def tell(*texts: str) -> str:
        replies = ()
        for text in texts:
            intent = "hall" if "礼堂" in text else ""
            replies = (await say.talk.say(text, intent)).replies
        return "\n".join(reply.text for reply in replies)

    return tell


@pytest.mark.parametrize(
    ("said", "times"),
    [
        (("我要借礼堂", "明天", "九点", "十点"), "09:00–10:00"),
        (("我要借礼堂", "明天", "三点", "五点半"), "15:00–17:30"),
        (("我要借礼堂，明天晚上", "七点", "九点"), "19:00–21:00"),
        (("我要借礼堂", "明天", "十点", "一点"), "10:00–13:00"),
        (("我要借礼堂", "明天", "十一点", "晚上十点"), "11:00–22:00"),
    ],
)
async def test_a_bare_hour_of_another_day_is_no_hour_from_now(
    borrow: Any, said: tuple[str, ...], times: str
) -> None:
    assert f"2026-11-24 {times}" in await borrow(*said, "2", "二楼的", "李雷", "带")


WHEN = ("我要借礼堂，布置两小时", "明天", "九点", "十点")


@pytest.mark.parametrize(
    ("said", "room"), [("三楼那间", "启智堂"), ("有投影的", "启智堂"), ("2楼的", "明德堂")]
)
async def test_a_row_is_known_by_what_its_label_counts_or_says(
    borrow: Any, said: str, room: str
) -> None:
    assert f"2，{room}，" in await borrow(*WHEN, said, "李雷主持", "带")


@pytest.mark.parametrize(("said", "tools"), [("自带", "带"), ("不带", "借"), ("不用带", "借")])
async def test_the_verb_of_a_question_is_its_yes_or_no(borrow: Any, said: str, tools: str) -> None:
    assert "话筒" in await borrow(*WHEN, "二楼的", "李雷来主持")
    assert f"，李雷，{tools}" in await borrow(said)


async def test_letters_that_nobody_has_seen_cancel_nothing(say: Any) -> None:
    await say(START)
    await say.talk.say("ABC", "cancel", sure=0.83)
    assert say.talk.session.task is not None


def test_phrases_of_before_need_no_newer_words(tmp_path: Path) -> None:
    newer = ("rather_cues", "whether_cues", "about_it_cues", "unchanged_cues", "after_all_cues")
    newer = (*newer, "none_fits")
    own = (assets.dialogs() / loading.PHRASES).read_text("utf-8")
    older = re.sub(rf"(?ms)^(?:{'|'.join(newer)}):.*?(?=^\S)", "", own)
    assert "rather_cues" not in older
    (tmp_path / loading.PHRASES).write_text(older, "utf-8")
    (tmp_path / "hall.yaml").write_text(HALL, "utf-8")
    phrases = loading.load(tmp_path).phrases
    assert all(getattr(phrases, key) for key in newer)


async def test_words_that_only_resemble_skipping_are_an_answer_where_nothing_can_be_skipped(
    say: Any,
) -> None:
    await say(START, "何静", "明天", "十点", "一位", "王小明", "没考过")
    await say.talk.say("随便哪个路口都行", "skip", sure=0.9)
    assert say.talk.session.task.slots["place"].value == "随便哪个路口都行"


async def test_a_row_that_stays_the_same_is_not_asked_for_again(say: Any) -> None:
    reply = await say(*WHOLE, "改成后天")
    assert "何静，2026-11-25 10:00" in reply
    assert "那天没有课" in await say("改成昨天")
