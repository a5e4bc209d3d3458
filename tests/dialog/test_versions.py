"""Tasks and the versions of their scripts."""

from __future__ import annotations

from pathlib import Path

from engine.dialog.scripts import loading
from engine.dialog.scripts.loading import Scripts
from engine.dialog.state.session import CONFIRM, Filled, Offer, Session, Task
from engine.dialog.state.versions import catch_up

TEA = """\
intent: tea
title: 买茶
example: 买茶
slots:
  kind: {type: text, ask: 哪一种？}
  boxes: {type: number, ask: 几盒？}
confirm: "{{ kind }} {{ boxes }} 盒？"
answer: {effect: shop.buy, with: {kind: kind, boxes: boxes}, say: 好了}
"""
OTHER = "intent: hours\ntitle: 时间\nexample: 几点\nanswer: {say: 八点}\n"


def scripts(folder: Path, **texts: str) -> Scripts:
    """Scripts of these texts."""
    for file in folder.glob("*.yaml"):
        file.unlink()
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return loading.load(folder)


def begun(before: Scripts, **fields: object) -> Task:
    """A task at the confirmation."""
    task = Task(id="1", intent="tea", version=before.by_intent["tea"].version, asking=CONFIRM)
    task.slots = {"kind": Filled("龙井", "龙井"), "boxes": Filled("2", "2")}
    task.asked = ["kind", "boxes", CONFIRM]
    for name, value in fields.items():
        setattr(task, name, value)
    return task


def test_a_task_ends_with_the_script_that_it_began_with(tmp_path: Path) -> None:
    before = scripts(tmp_path, tea=TEA)
    after = scripts(tmp_path, tea=TEA.replace("几盒", "要几盒")).after(before)
    task = begun(before)
    assert catch_up(Session(tasks=[task]), after) == []
    assert after.version("tea", task.version) is before.by_intent["tea"]
    assert after.by_intent["tea"].slots["boxes"].ask == ("要几盒？",)


def test_the_version_before_the_last_one_is_kept_as_well(tmp_path: Path) -> None:
    first = scripts(tmp_path, tea=TEA)
    second = scripts(tmp_path, tea=TEA.replace("几盒", "要几盒")).after(first)
    third = scripts(tmp_path, other=OTHER).after(second)
    assert third.version("tea", first.by_intent["tea"].version) is first.by_intent["tea"]
    assert third.version("tea", second.by_intent["tea"].version) is second.by_intent["tea"]


def test_a_task_whose_version_is_gone_goes_on_by_the_names_of_its_slots(tmp_path: Path) -> None:
    before = scripts(tmp_path, tea=TEA)
    after = scripts(tmp_path, tea=TEA.replace("boxes", "number"))
    session = Session(tasks=[begun(before)], offers=[Offer("kind", "普洱", "普洱")])
    (line,) = catch_up(session, after)
    assert "买茶" in line
    assert session.task is not None
    assert session.task.slots == {"kind": Filled("龙井")}
    assert (session.task.asking, session.task.asked) == ("", ["kind"])
    assert session.task.version == after.by_intent["tea"].version
    assert session.offers == []


def test_an_open_question_that_is_still_there_stays_open(tmp_path: Path) -> None:
    before = scripts(tmp_path, tea=TEA)
    after = scripts(tmp_path, tea=TEA.replace("几盒", "要几盒"))
    offers = [Offer("kind", "普洱", "普洱")]
    session = Session(tasks=[begun(before, asking="kind", tries=1)], offers=offers)
    catch_up(session, after)
    assert session.task is not None
    assert (session.task.asking, session.task.tries, session.offers) == ("kind", 1, offers)


def test_what_is_on_its_way_keeps_its_values_and_its_key(tmp_path: Path) -> None:
    before = scripts(tmp_path, tea=TEA)
    task = begun(before, in_flight="2026-11-23T10:00:00+08:00", commits=1)
    key, slots = task.key, dict(task.slots)
    catch_up(Session(tasks=[task]), scripts(tmp_path, tea=TEA.replace("几盒", "要几盒")))
    assert (task.key, task.slots) == (key, slots)


def test_a_task_without_a_business_is_dropped_and_told(tmp_path: Path) -> None:
    before = scripts(tmp_path, tea=TEA)
    session = Session(tasks=[begun(before)], offers=[Offer("kind", "普洱", "普洱")])
    (line,) = catch_up(session, scripts(tmp_path, other=OTHER))
    assert "停办" in line
    assert (session.tasks, session.offers) == ([], [])


def test_a_task_from_before_there_were_versions_goes_on_untold(tmp_path: Path) -> None:
    now = scripts(tmp_path, tea=TEA)
    session = Session(tasks=[begun(now, version="")])
    assert catch_up(session, now) == []
    assert session.task is not None
    assert session.task.asking == CONFIRM
