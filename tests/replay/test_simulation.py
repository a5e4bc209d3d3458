"""Simulated customers, and the auditor that watches what the engine does for them."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest
import yaml

from engine.replay import play as replay
from engine.replay import report, runs_of
from engine.replay.errors import ReplayError
from engine.replay.exchange import Effect
from engine.replay.simulation import auditing, goals
from engine.replay.simulation.customer import Customer, Says
from engine.replay.simulation.goals import World
from engine.replay.simulation.playing import play
from engine.replay.simulation.summary import Summary
from engine.replay.transcript import Transcript
from engine.replay.troupe import Troupe

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
    assert dialog.faults == ["telecom.top_up with amount=100 for 50"]


def customer_of(world: World, goal: str, case: dict[str, str]) -> Customer:
    return Customer(world, world.goals[goal], case, set(), random.Random(1))


def test_another_seat_or_flight_than_was_wanted_is_found(world: World) -> None:
    checkin = customer_of(world, "checkin", {"flight_no": "CA1234", "seat": "12A", "name": "张三"})

    def faults(flight: str, *seats: str) -> list[str]:
        done = Effect(
            "airline.check_in", {"seats": list(seats)}, {"flight_no": flight, "name": "张三"}
        )
        return list(auditing.audit(checkin, [done], agreed=True))

    assert faults("CA1234", "12A") == []
    assert faults("CA1234", "12B") == ["airline.check_in with seats=12B for 12A"]
    assert faults("CA1234", "12A", "12B") == ["airline.check_in with seats=12A、12B for 12A"]
    assert faults("CA1885", "12A") == ["airline.check_in with flight_no=CA1885 for CA1234"]


def test_what_was_done_without_a_yes_is_found_but_where_none_is_needed(world: World) -> None:
    phone = {"phone": "13812345678", "amount": "50"}
    charged, bound = Effect("telecom.top_up", phone, {}), Effect("members.bind", phone, {})
    topup, bind = customer_of(world, "topup", phone), customer_of(world, "bind_member", phone)
    assert [*auditing.audit(topup, [charged], agreed=False)] == ["telecom.top_up without a yes"]
    assert [*auditing.audit(bind, [bound], agreed=False)] == []
    assert [*auditing.audit(topup, [bound], agreed=True)] == ["members.bind with another goal"]


def test_what_was_done_twice_is_found(world: World) -> None:
    phone = {"phone": "13812345678", "amount": "50"}
    charged, sent = Effect("telecom.top_up", phone, {}), Effect("members.send_code", phone, {})
    topup, bind = customer_of(world, "topup", phone), customer_of(world, "bind_member", phone)
    assert [*auditing.doubled(topup, [charged, charged])] == ["telecom.top_up twice"]
    assert [*auditing.doubled(bind, [sent, sent])] == []


async def test_a_printed_dialog_plays_again_as_it_went(
    world: World, troupe: Troupe, tmp_path: Path
) -> None:
    for goal in ("pay_bill", "checkin", "bind_member", "follow_flight"):
        dialog = await play(world, troupe, seed=11, number=world_index(world, goal))
        file = tmp_path / f"{goal}.yaml"
        file.write_text(dialog.as_transcript(), encoding="utf-8")
        for run in runs_of([file]):
            played = await replay(run, troupe)
            assert not played.faults, report.text(played)
            again = ["\n".join(r.text for r in e.shown) for e in played.exchanges.values()]
            assert again == dialog.said


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
