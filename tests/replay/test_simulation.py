"""Simulated customers, and the auditor that watches what the engine does for them."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest
import yaml

from engine.replay.errors import ReplayError
from engine.replay.simulation import goals
from engine.replay.simulation.customer import Customer, Says
from engine.replay.simulation.goals import World
from engine.replay.simulation.playing import Summary, play
from engine.replay.stage import Troupe
from engine.replay.transcript import Transcript

DIALOGS = 55


@pytest.fixture(scope="module")
def world() -> World:
    return goals.load()


async def test_customers_reach_their_goals_and_nothing_else_is_done(
    world: World, troupe: Troupe
) -> None:
    summary, failed = Summary(), list[str]()
    for number in range(DIALOGS):
        dialog = await play(world, troupe, seed=7, number=number)
        summary.add(dialog)
        failed += [dialog.as_transcript()] if dialog.faults else []
    assert (summary.unconfirmed, summary.exceptions, summary.long) == (0, 0, 0), failed
    assert summary.reached >= DIALOGS * 0.95, "\n".join(failed)
    assert all(of == DIALOGS // len(world.goals) for _, of in summary.goals.values())


async def test_a_dialog_follows_from_its_seed_and_number(world: World, troupe: Troupe) -> None:
    first, again = [await play(world, troupe, seed=3, number=9) for _ in range(2)]
    assert (first.steps, first.said) == (again.steps, again.said)
    assert (await play(world, troupe, seed=4, number=9)).steps != first.steps


async def test_an_effect_that_nobody_meant_is_found(world: World, troupe: Troupe) -> None:
    goal = msgspec.structs.replace(
        world.goals["topup"],
        cases=({"phone": "13812345678", "amount": "50"},),
        # This customer says yes to anything.
        whole=("给13812345678充100块",),
        part=(),
        corrections={},
    )
    careless = msgspec.structs.replace(world, goals={"topup": goal}, traits={})
    dialog = await play(careless, troupe, seed=0, number=0)
    assert dialog.faults == ["telecom.top_up with amount=100"]


async def test_a_fault_of_the_engine_is_told_with_its_place(
    world: World, troupe: Troupe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Customer) -> Says:
        raise ZeroDivisionError

    monkeypatch.setattr(Customer, "opens", broken)
    dialog = await play(world, troupe, seed=0, number=0)
    assert dialog.faults == ["exception"]
    assert "ZeroDivisionError" in dialog.error


async def test_a_dialog_is_printed_as_a_transcript(world: World, troupe: Troupe) -> None:
    dialog = await play(world, troupe, seed=1, number=world_index(world, "topup"))
    told = yaml.safe_load(dialog.as_transcript())
    assert Transcript.model_validate(told).steps[0].say == dialog.steps[0]["say"]


def world_index(world: World, goal: str) -> int:
    return sorted(world.goals).index(goal)


def test_who_wants_something_else_than_what_is_read_back_says_so(world: World) -> None:
    goal = world.goals["topup"]
    case = {"phone": "13812345678", "amount": "50"}
    customer = Customer(world, goal, case, set(), random.Random(1))
    right, wrong = customer._confirms(case), customer._confirms(case | {"amount": "500"})
    assert right.agrees
    assert not wrong.agrees


def test_a_file_of_customers_that_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "customers.yaml"
    file.write_text("goals: {topup: {done: topup}}", encoding="utf-8")
    with pytest.raises(ReplayError, match=r"customers\.yaml"):
        goals.load(file)
