"""Free answers that are known by how they look."""

from __future__ import annotations

import pytest

from engine.dialog.reading.shapes import shaped
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Filled, Task
from engine.nlu.parse import Entity

ADDRESS = Slot(type=("text",), ask=("送到哪里？",))
SLOTS = {
    "address": ADDRESS,
    "plate": Slot(type=("text",), ask=("车牌号？",)),
    "mail": Slot(type=("text",), ask=("发票寄到哪个邮箱？",)),
}


def found(text: str, slots: dict[str, Slot] = SLOTS, task: Task | None = None) -> dict[str, str]:
    script = Script(intent="a", title="订", example="订", slots=slots, answer={"say": "好"})
    phone = [Entity("phone", "13812345678", "13812345678", 0, 11)]
    named = shaped(text, script, task or Task("", "a"), phone, ())
    return {name: hit.value or "" for name, hit in named}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("送到花园路5号2单元，半糖", "花园路5号2单元"),
        ("把蛋糕送到人民路10号", "人民路10号"),
        ("送三桶水到和平街12号，今天", "和平街12号"),
        ("我家在幸福小区3栋502，明天要", "幸福小区3栋502"),
        ("在北京路8号取", "北京路8号"),
        ("浦东新区张江路88号A座1201，电话13812345678", "浦东新区张江路88号A座1201"),
        ("人民路10号星河大厦3楼，谢谢", "人民路10号星河大厦3楼"),
        ("10寸的，送到家", None),
        ("坐地铁2号线", None),
        ("12月5号要", None),
        ("中关村店", None),
    ],
)
def test_an_address_is_known_wherever_it_is_said(text: str, value: str | None) -> None:
    assert found(text) == ({"address": value} if value else {})


@pytest.mark.parametrize(
    ("text", "times"),
    [("后天下午三点来花园路5号", ["后天", "下午三点"]), ("上午10点去花园路5号", ["上午10点"])],
)
def test_the_time_before_an_address_is_none_of_it(text: str, times: list[str]) -> None:
    told = [Entity("time", t, t, text.index(t), text.index(t) + len(t)) for t in times]
    script = Script(intent="a", title="订", example="订", slots=SLOTS, answer={"say": "好"})
    named = shaped(text, script, Task("", "a"), told, ())
    assert {name: hit.value for name, hit in named} == {"address": "花园路5号"}


def test_so_are_a_plate_and_a_mail_address() -> None:
    assert found("粤B12345，一年") == {"plate": "粤B12345"}
    assert found("发到a.b@example.com吧") == {"mail": "a.b@example.com"}


def test_a_plate_that_is_asked_for_is_all_of_its_answer() -> None:
    assert found("牌照是粤B5K777", task=Task("", "a", asking="plate")) == {"plate": "粤B5K777"}


def test_of_two_questions_of_a_kind_none_is_answered() -> None:
    assert found("花园路5号，半糖", {**SLOTS, "home": ADDRESS}) == {}


def test_what_is_known_and_what_was_asked_for_are_left_to_others() -> None:
    text = "送到花园路5号，别放门口"
    assert found(text, task=Task("", "a", slots={"address": Filled("北街2号")})) == {}
    asked = Task("", "a", asking="address")
    assert found("花园路5号别放门口", task=asked) == {}
    assert found(text, task=asked) == {}
    note = {**SLOTS, "ward": Slot(type=("text",), ask=("哪家医院、几号病床？",))}
    asked = Task("", "a", asking="ward")
    assert found("人民医院12楼35床", slots=note, task=asked) == {}
    asked = Task("", "a", asking="address")
    assert found("花园路5号，门口有人，13812345678", task=asked) == {}
    assert found("花园路5号，电话13812345678", task=asked) == {"address": "花园路5号"}


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("明天上午十点送到花园路5号，要快", {"target": "花园路5号"}),
        ("从人民路10号取，要快", {"origin": "人民路10号"}),
        ("人民路10号，要快", {}),
    ],
)
def test_of_several_addresses_the_word_before_it_says_which(
    text: str, slots: dict[str, str]
) -> None:
    both = {
        "origin": Slot(type=("text",), ask=("取件地址？",), before=("从",)),
        "target": Slot(type=("text",), ask=("收件地址？",), before=("送到",)),
    }
    assert found(text, both) == slots
