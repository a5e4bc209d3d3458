"""A run fails where the conversation is not as the transcript says, and says where."""

from __future__ import annotations

from typing import Any

import pytest

from engine.replay import report

TOP_UP = """\
steps:
  - say: 给13900138000充一百
    expect: {asks: confirm}
  - say: 确认
"""
DONE = "effects: [telecom.top_up: {phone: '13900138000', amount: '100'}]\n"


async def test_a_conversation_as_expected_has_no_faults(desk: Any) -> None:
    assert await desk.faults(TOP_UP + DONE) == []


@pytest.mark.parametrize(
    ("expect", "what"),
    [
        ("intent: checkin", "intent"),
        ("task: checkin", "task"),
        ("asks: amount", "asks"),
        ("asks: none", "asks"),
        ("done: topup", "done"),
        ("repair: back", "repair"),
        ("reject: not_offered", "reject"),
        ("resumes: checkin", "resumes"),
        ("then: {asks: amount}", "then.asks"),
        ("slots: {amount: '50'}", "slots.amount"),
        ("slots: {amount: none}", "slots.amount"),
        ("slots: {seat: 12A}", "slots.seat"),
        ("slots_only: {amount: '100'}", "slots_only"),
        ("reply: 不在话里", "reply"),
        ("reply: [充值, '不在话里']", "reply"),
        ("reply: 'not:请确认'", "reply"),
        ("reply: '=请确认'", "reply"),
        ("reply: '/^确认/'", "reply"),
        ("reply: none", "reply"),
        ("reply: same", "reply"),
        ("buttons: 随便", "buttons"),
        ("buttons: 'not:确认'", "buttons"),
        ("buttons: none", "buttons"),
        ("options: ['30', '50']", "options"),
        ("image: seat_map", "image"),
        ("link: http", "link"),
        ("effects_delta: [telecom.top_up]", "effects_delta"),
    ],
)
async def test_a_wrong_expectation_is_one_fault_on_its_line(
    desk: Any, expect: str, what: str
) -> None:
    (fault,) = await desk.faults(f"""\
steps:
  - say: 给13900138000充一百
    expect:
      {expect}
""")
    assert (fault.what, fault.step, fault.line) == (what, 1, desk.line_of(expect))
    assert fault.came


@pytest.mark.parametrize(
    ("expect", "what"),
    [
        ("{heard: 五十}", "heard"),
        ("{heard: 'not:一百'}", "heard"),
        ("{heard: [一百, '=一百']}", "heard"),
    ],
)
async def test_a_voice_that_is_shown_otherwise_is_a_fault(
    desk: Any, expect: str, what: str
) -> None:
    (fault,) = await desk.faults(f"""\
steps:
  - voice: a.amr
    heard: 充一百
    expect: {expect}
""")
    assert (fault.what, fault.came) == (what, "听到：充一百")


async def test_a_picture_that_no_expectation_names_is_a_fault(desk: Any) -> None:
    (fault,) = await desk.faults("steps: [{say: 给我办CA1234值机, expect: {asks: seat}}]\n")
    assert (fault.what, fault.expected, fault.came) == ("image", "none", "seat_map")


@pytest.mark.parametrize(
    ("image", "what"),
    [
        ("{kind: boarding_pass}", "image.kind"),
        ("{kind: seat_map, model: {flight_no: MU5301}}", "image.model.flight_no"),
        ("{kind: seat_map, model: {rows: 1..99}}", "image.model.rows"),
        ("{kind: seat_map, model: {free_has: [12C]}}", "image.model.free_has"),
        ("{kind: seat_map, model: {taken_has: [12A]}}", "image.model.taken_has"),
        ("{kind: seat_map, alt: 没有的话}", "image.alt"),
        ("{kind: seat_map, size: [720, 1]}", "image.size"),
    ],
)
async def test_a_picture_is_compared_by_meaning(desk: Any, image: str, what: str) -> None:
    (fault,) = await desk.faults(
        f"steps: [{{say: 给我办CA1234值机, expect: {{image: {image}}}}}]\n"
    )
    assert fault.what == what


async def test_the_code_on_a_boarding_pass_is_read_from_what_is_drawn(desk: Any) -> None:
    (fault,) = await desk.faults("""\
steps:
  - say: 给我办CA1234值机，12A
  - say: 确认
    expect: {image: {kind: boarding_pass, qr_has: [012A, 012B]}}
effects: [airline.check_in]
""")
    assert (fault.what, fault.expected) == ("image.qr_has", "012B")
    assert "ZHANG/SAN" in fault.came


async def test_an_effect_that_is_not_listed_is_a_fault(desk: Any) -> None:
    (fault,) = await desk.faults(TOP_UP)
    assert (fault.what, fault.expected, fault.step) == ("effects", "none", 0)
    assert "telecom.top_up" in fault.came


@pytest.mark.parametrize(
    "effects",
    [
        "[telecom.top_up: {amount: '50'}]",
        "[airline.check_in]",
        "[telecom.top_up, telecom.top_up]",
        "[telecom.top_up: {balance_after: '112'}]",
    ],
)
async def test_effects_are_compared_by_name_number_arguments_and_result(
    desk: Any, effects: str
) -> None:
    (fault,) = await desk.faults(TOP_UP + f"effects: {effects}\n")
    assert (fault.what, fault.line) == ("effects", desk.line_of("effects:"))


async def test_an_effect_that_was_only_tried_breaks_never(desk: Any) -> None:
    (fault,) = await desk.faults(
        TOP_UP + "never: [telecom.*]\n", top="stubs: {telecom.top_up: [timeout]}\n"
    )
    assert (fault.what, fault.came) == ("never", "telecom.top_up was tried")


async def test_a_stub_that_is_not_used_up_is_a_fault(desk: Any) -> None:
    top = "stubs: {telecom.top_up: [timeout, timeout]}\n"
    (fault,) = await desk.faults(TOP_UP, top=top)
    assert (fault.what, fault.line) == ("stubs", desk.line_of("stubs:"))
    assert "telecom.top_up" in fault.expected


async def test_the_business_afterwards_is_asked(desk: Any) -> None:
    after = """\
after:
  - query: telecom.balance
    with: {phone: '13900138000', holder: 李四}
    rows: [{balance: '12.05'}]
"""
    (fault,) = await desk.faults(TOP_UP + DONE + after)
    assert (fault.what, fault.line) == ("after: telecom.balance", desk.line_of("rows:"))
    assert "112.05" in fault.came


async def test_a_refused_question_afterwards_is_a_fault(desk: Any) -> None:
    after = "after: [{query: telecom.balance, with: {phone: '13900138000'}, rows: []}]\n"
    (fault,) = await desk.faults(TOP_UP + DONE + after)
    assert fault.came == "refused: holder_needed"


async def test_a_button_that_was_never_shown_cannot_be_tapped(desk: Any) -> None:
    (fault,) = await desk.faults(
        "steps: [{say: 给13900138000充一百}, {click: {button: amount, value: '7'}}]\n"
    )
    assert (fault.what, fault.step) == ("click", 2)
    assert "确认、取消" in fault.came


async def test_a_button_of_a_step_that_did_not_show_it_cannot_be_tapped(desk: Any) -> None:
    (fault,) = await desk.faults(
        "steps: [{say: 给13900138000充值}, {say: 一百}, {click: {label: 确认, step: 1}}]\n"
    )
    assert (fault.what, fault.step) == ("click", 3)


async def test_an_engine_that_breaks_is_a_fault_with_its_traceback(desk: Any) -> None:
    (fault,) = await desk.faults(
        "steps: [{say: 帮我查航班CA1234}]\n",
        top="stubs: {airline.flights: [{ok: 5}]}\n",
    )
    assert (fault.what, fault.step) == ("say", 1)
    assert "Error" in fault.came


async def test_an_old_answer_has_no_intent(desk: Any) -> None:
    (fault,) = await desk.faults(
        "steps: [{say: 你好}, {redeliver: last, expect: {intent: greet}}]\n"
    )
    assert "an old answer" in fault.came


async def test_the_report_shows_the_fault_and_the_conversation(desk: Any) -> None:
    played = await desk.play("""\
steps:
  - say: 给13900138000充一百
  - click: {label: 确认}
    expect: {asks: amount}
""")
    told = report.text(played)
    assert f"talk.yaml:{desk.line_of('asks: amount')}: step 2: asks" in told
    assert "expected: amount" in told
    assert "客: 给13900138000充一百" in told
    assert "[确认] [取消]" in told
    assert "rule=button intent=affirm" in told
