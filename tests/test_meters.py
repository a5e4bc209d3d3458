"""What is counted, as monitoring reads it."""

from __future__ import annotations

import pytest

from engine.meters import Meters, Stopwatch


def lines(meters: Meters) -> list[str]:
    return meters.exposition().decode().splitlines()


def test_a_turn_is_counted_by_what_decided_it_and_by_what_came_of_it() -> None:
    meters = Meters()
    meters.turn("air", "confirmation", "affirm")
    meters.happened(effect="topup")
    told = lines(meters)
    assert 'banli_turns_total{account="air",rule="confirmation"} 1.0' in told
    assert 'banli_intents_total{intent="affirm"} 1.0' in told
    assert 'banli_effects_total{effect="topup"} 1.0' in told
    assert not any(line.startswith("banli_refusals_total{") for line in told)


def test_times_are_kept_by_stage() -> None:
    meters = Meters()
    meters.stages({"decide": 0.003, "turn": 0.02})
    told = lines(meters)
    assert 'banli_stage_seconds_bucket{le="0.005",stage="decide"} 1.0' in told
    assert 'banli_stage_seconds_bucket{le="0.01",stage="turn"} 0.0' in told


def test_hearing_is_measured_against_the_length_of_the_sound() -> None:
    meters = Meters()
    meters.heard(0.3, 3.0)
    assert 'banli_hearing_ratio_bucket{le="0.1"} 1.0' in lines(meters)


def test_the_stages_of_a_turn_that_begins_anew_add_up_also_after_a_fault() -> None:
    watch = Stopwatch()
    with watch.stage("decide"):
        pass
    first = watch.seconds["decide"]
    with pytest.raises(ValueError, match="clash"), watch.stage("decide"):
        raise ValueError("clash")
    assert watch.seconds["decide"] > first


def test_a_pool_holds_what_is_in_work_also_after_a_fault() -> None:
    meters = Meters()
    with meters.in_pool("draw"), meters.in_pool("draw"):
        assert 'banli_pool{pool="draw"} 2.0' in lines(meters)
    with pytest.raises(ValueError, match="fault"), meters.in_pool("draw"):
        raise ValueError("fault")
    assert 'banli_pool{pool="draw"} 0.0' in lines(meters)
