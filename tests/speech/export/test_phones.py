"""The phones of the graph."""

from __future__ import annotations

from engine.speech.export import phones
from engine.speech.export.phones import ALONE, BEGIN, END, MIDDLE


def test_units_know_their_place_in_the_word() -> None:
    assert phones.placed([7]) == [(7, ALONE)]
    assert phones.placed([7, 8]) == [(7, BEGIN), (8, END)]
    assert phones.placed([7, 8, 7, 9]) == [(7, BEGIN), (8, MIDDLE), (7, MIDDLE), (9, END)]


def test_every_phone_has_a_number_of_its_own_and_the_output_of_its_unit() -> None:
    outputs = phones.outputs(4)
    assert outputs == (0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3)
    numbers = [phones.phone(unit, place) for unit in (1, 2, 3) for place in range(4)]
    assert [phones.SILENCE, phones.INSIDE, *numbers] == list(range(1, 15))
    assert all(outputs[phones.phone(unit, END) - 1] == unit for unit in (1, 2, 3))


def test_word_boundaries_name_every_phone() -> None:
    lines = phones.word_boundaries(2).splitlines()
    assert lines == ["1 nonword", "2 internal", "3 begin", "4 internal", "5 end", "6 singleton"]
