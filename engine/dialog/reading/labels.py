"""The fixed choice of a slot that a message names: by its pattern, or by its label."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from engine.dialog.reading import denying, ticking, yesno
from engine.dialog.reading.joined import are_joined
from engine.dialog.reading.vocabulary import FREE_TEXT
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Task
from engine.dialog.wording.lexicon import lexicon
from engine.nlu.grammar.fold import fold
from engine.nlu.grammar.numerals import HANZI, find_numerals, plain
from engine.nlu.parse import Entity

#: The kind of what a choice's own pattern found; it says more than a bare number in it.
PATTERN = "pattern"
#: The kind of what is said by a label.
_LABEL = "choice"
#: Between two choices that stand together, and after two of which either will do.
_SAME_CLAUSE = re.compile("[^，,。；;]{0,3}")
_EITHER_WILL_DO = re.compile("[^，,。；;]{0,3}?(?:都|均|无所谓|不限)")
#: A label that is a number with what it counts.
_COUNTED = re.compile(r"(?P<number>[0-9]{1,5}) ?(?P<unit>[\u4e00-\u9fff].*)")
#: A label that answers many questions.
_ANSWER = re.compile(
    "(?:先?不|没|都|一起)?(?:是|有|要|办|做|弄|可以|能|需要|会|对|好|行|用|想|同意|愿意|接受)(?:的|了|过|吧)?"
)
_IS_NOT = "不是"
#: In every word that changes a slot.
_CHANGES = "换改"


class _Place(NamedTuple):
    """A choice, and where it is said."""

    value: str
    start: int
    end: int


def labels(text: str, script: Script, task: Task) -> Iterator[tuple[str, Entity]]:
    """For each slot with choices of its own making: the one that was said; of a list all."""
    is_plain = yesno.is_plain(text)
    asked = script.slots.get(task.asking)
    is_free = asked is not None and FREE_TEXT in asked.type
    for name, slot in script.slots.items():
        if is_plain and task.asking and task.asking != name:
            # 「不用」 answers what is asked, whatever else has it in a pattern.
            continue
        if ticking.is_ticked(slot):
            # 「生日快乐」 of 「写什么字？」 is no part of 生日帽.
            in_parts = task.asking == name or (name in task.slots and not is_free)
            yield from ticking.ticked(text, name, slot, in_parts=in_parts)
            continue
        kind, places = PATTERN, _patterned(_without_changes(text, script, name), slot)
        if not places and not set(slot.type) - {FREE_TEXT}:
            # 可以 is a yes to many questions; to this one only where it is asked.
            is_aside = bool(slot.if_yes) and task.asking != name
            kind, places = _LABEL, _labelled(text, slot, is_aside=is_aside)
        if found := _meant(text, slot, places):
            value, start, end = found
            yield name, Entity(kind, value, text[start:end], start, end)


def _without_changes(text: str, script: Script, name: str) -> str:
    """A text without what changes other slots: 换 of 「大厅换成市民中心」 is no kind of passport.

    The places of all else stay.
    """
    if not any(word in text for word in _CHANGES):
        return text
    others = (slot for other, slot in script.slots.items() if other != name)
    called = {word for slot in others for word in slot.called if word in text}
    changed = "(?<={})[也就]?[换改](?:[成为到]|(?=个|一))"
    for word in called:
        form = changed.format(re.escape(word))
        text = re.sub(form, lambda found: "·" * len(found[0]), text)
    return text


def names_two(text: str, script: Script) -> bool:
    """Whether two choices of one slot are named by their patterns, and both are meant."""
    return any(
        _are_listed(text, [place for place in places if not _is_denied(text, place, slot)])
        for slot in script.slots.values()
        if len(places := _patterned(text, slot)) > 1
    )


def _meant(text: str, slot: Slot, places: Sequence[_Place]) -> _Place | None:
    """The first place that is not denied; 「不是第一次」 of two choices is the other one.

    Of two that are both meant neither is: 「话费账单和宽带费」 names no one bill. Of
    「男女都行」 it is the one that says 都行.
    """
    meant = [place for place in places if not _is_denied(text, place, slot)]
    if all_of := _all_of_them(text, meant):
        return next((place for place in meant if place.start >= all_of.end), None)
    if meant:
        return None if _are_listed(text, meant) else meant[0]
    others = {choice.value for choice in slot.choices} - {place.value for place in places}
    denied = next((p for p in places if text[: p.start].endswith(_IS_NOT)), None)
    if denied is None or len(others) != 1 or len(slot.choices) != len(places) + 1:
        return None
    return _Place(others.pop(), denied.start - len(_IS_NOT), denied.end)


def _all_of_them(text: str, places: Sequence[_Place]) -> _Place | None:
    """The later of two choices that stand together, where both will do: 女 of 「男女都行」."""
    in_order = sorted(places, key=lambda place: place.start)
    return next(
        (
            b
            for a, b in pairwise(in_order)
            if a.value != b.value
            and _SAME_CLAUSE.fullmatch(text[a.end : b.start])
            and _EITHER_WILL_DO.match(text, b.end)
        ),
        None,
    )


def _are_listed(text: str, places: Sequence[_Place]) -> bool:
    """Whether two choices stand there with an and between them."""
    in_order = sorted(places, key=lambda place: place.start)
    return any(
        a.value != b.value and are_joined(text, a.end, b.start) for a, b in pairwise(in_order)
    )


def _patterned(text: str, slot: Slot) -> list[_Place]:
    """Where choices are said by their patterns, in the order of the file.

    Of one that is said more than once the place where it is not denied: 着急 of 「不着急」 is none.
    """
    places = []
    for choice in slot.choices:
        found = [
            _Place(choice.value, *match.span())
            for said in (text, fold(text))
            for match in (re.finditer(choice.pattern, said) if choice.pattern else ())
        ]
        if found:
            places.append(next((p for p in found if not _is_denied(text, p, slot)), found[0]))
    return places


def _is_denied(text: str, place: _Place, slot: Slot) -> bool:
    """Whether a choice is denied, left out (宽带 of 「宽带先不管」), or no choice at all."""
    is_other = text[: place.start].endswith((_IS_NOT, "除了"))
    denied = denying.is_denied(text, place.start, place.end, meant_by=slot.meant_by)
    return is_other or denied or _is_count(text, place)


def _is_count(text: str, place: _Place) -> bool:
    """Whether a choice is only what a number counts: 个人 of 「6个人」."""
    before = fold(text[: place.start]).rstrip()[-1:]
    is_number = before.isdigit() or (bool(before) and before in HANZI)
    return is_number and text[place.start] in lexicon().measures + "位人"


def _labelled(text: str, slot: Slot, *, is_aside: bool) -> list[_Place]:
    """Where the one label stands that is named; 内科 is not what 心内科 means."""
    named = [c for c in slot.choices if not is_aside or _is_telling(c.label)]
    found = [(c, place) for c in named if (place := _label_in(text, c.label))]
    longest = [
        _Place(choice.value, *place)
        for choice, place in found
        if not any(choice.label in other.label for other, _ in found if other != choice)
    ]
    # 「不是拉链，是箱体裂了」
    left = [place for place in longest if not text[: place.start].endswith(_IS_NOT)]
    return longest if len(longest) == 1 else left if len(left) == 1 else []


def _label_in(text: str, label: str) -> tuple[int, int] | None:
    """Where a label stands in a text, however its number is written: 6寸 of 「六寸吧」."""
    counted = _COUNTED.fullmatch(label)
    if counted is None:
        return (text.index(label), text.index(label) + len(label)) if label in text else None
    for numeral in find_numerals(fold(text)):
        end = numeral.end + len(counted["unit"])
        is_number = numeral.value is not None and plain(numeral.value) == counted["number"]
        if is_number and text[numeral.end : end] == counted["unit"]:
            return numeral.start, end
    return None


def _is_telling(label: str) -> bool:
    """Whether a label says by itself what it answers: 第一次, and neither 可以 nor 借."""
    return len(label) > 1 and not _ANSWER.fullmatch(label)


def outside(
    named: Collection[tuple[str, Entity]],
    chosen: Iterable[tuple[str, Entity]],
    script: Script,
) -> Iterator[tuple[str, Entity]]:
    """The choices but for those meant by a pattern that is in a value of another slot by its name.

    错了 of 「名字错了，是刘阳阳」 is no reason; 寄 of 「寄到长江路5号」 says how it comes.
    """
    for name, label in chosen:
        is_within = any(
            other != name
            and value.text.startswith(script.slots[other].called)
            and value.start <= label.start
            and label.end <= value.end
            for other, value in named
        )
        if label.type != PATTERN or not is_within:
            yield name, label
