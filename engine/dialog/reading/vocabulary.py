"""The words of a script that are values: names, labels, what stands for a value, bare numbers."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.dialog.reading import denying
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import CONFIRM, Filled, Task
from engine.dialog.wording import words
from engine.nlu.grammar.fold import fold
from engine.nlu.grammar.numerals import plain, read
from engine.nlu.parse import Entity

#: Free words: a slot of this type takes the whole answer, and only when it is asked for.
FREE_TEXT = "text"
#: The kind of what a choice's own pattern found; it says more than a bare number in it.
PATTERN = "pattern"
#: 第12排: no number to the grammars, for it counts nothing.
_NTH = r"第\s?(?P<n>[0-9]{1,2}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
#: Choices of which each is what the other is not.
_TWO = 2
#: A label that answers many questions.
_ANSWER = re.compile(
    "(?:先?不|没|都|一起)?(?:是|有|要|办|做|弄|可以|能|需要|会|对|好|行|用|想|同意|愿意|接受)(?:的|了|过|吧)?"
)
#: Before a pattern's words: another one is meant.
_NOT_IT = ("不是", "不要", "除了")
_NOT = ("不", "不要", "不想", "不是", "不用", "不必", "不需要", "别", "除了")


def bare_numbers(
    text: str, found: list[Entity], script: Script, names: Mapping[str, Any]
) -> Iterator[tuple[str, Entity]]:
    """Numbers whose next word makes them a wish for a slot that joins several: 「靠窗，12排」."""
    numbers = [e for e in found if e.type in ("number", "ordinal") and (e.value or "").isdecimal()]
    codes = [entity for entity in found if entity.type not in ("number", "ordinal", "money")]
    for name, slot in script.slots.items():
        bare = slot.bare
        if bare is None or not slot.join:
            continue
        for number in numbers:
            word = next((w for w in bare.after if text.startswith(w, number.end)), "")
            if not word or any(overlap(number, code) for code in codes):
                continue
            if text[: number.start].endswith("第"):
                continue
            value = words.evaluate(bare.value, {**names, "said": number.value})
            end = number.end + len(word)
            yield name, Entity("word", str(value), text[number.start : end], number.start, end)
        for word in bare.after:
            for match in re.finditer(_NTH + re.escape(word), text):
                if any(overlap(_at(match), code) for code in codes):
                    continue
                said = plain(read(match["n"]) or Decimal())
                value = words.evaluate(bare.value, {**names, "said": said})
                yield name, Entity("word", str(value), match[0], *match.span())


def _at(match: re.Match[str]) -> Entity:
    return Entity("word", None, match[0], *match.span())


def labels(text: str, script: Script, task: Task) -> Iterator[tuple[str, Entity]]:
    """For each slot with choices of its own making: the one whose label was said."""
    folded = fold(text)
    for name, slot in script.slots.items():
        patterned = [
            (c, _pattern_in(text, c.pattern, slot) or _pattern_in(folded, c.pattern, slot))
            for c in slot.choices
            if c.pattern
        ]
        found = [(choice.value, match) for choice, match in patterned if match]
        # 「不是宽带，是手机的」
        meant = [each for each in found if not text[: each[1].start()].endswith(_NOT_IT)]
        found = meant or found
        if found:
            # The first that fits, in the order of the file.
            value, match = found[0]
            yield name, Entity(PATTERN, value, match[0], match.start(), match.end())
            continue
        if set(slot.type) - {FREE_TEXT}:
            continue
        # 可以 is a yes to many questions; to this one only where it is asked.
        is_aside = bool(slot.if_yes) and task.asking != name
        named = [c for c in slot.choices if not is_aside or _is_telling(c.label)]
        said = [choice for choice in named if choice.label in text]
        # 内科 is not what 心内科 means.
        longest = [c for c in said if not any(c.label in o.label for o in said if o != c)]
        if len(longest) == 1:
            value, label = longest[0].value, longest[0].label
            start = text.index(label)
            if text[:start].endswith("不是") and len(slot.choices) == _TWO:
                # 「不是第一次」 is the other one.
                other = next(c for c in slot.choices if c.value != value)
                yield (
                    name,
                    Entity("choice", other.value, f"不是{label}", start - 2, start + len(label)),
                )
            elif not text[:start].endswith(_NOT):
                yield name, Entity("choice", value, label, start, start + len(label))


def _pattern_in(text: str, pattern: str, slot: Slot) -> re.Match[str] | None:
    """Where a choice is said by its pattern; not where it is denied: 着急 of 「不着急」.

    Nor where it is left out: 宽带 of 「宽带先不管」.
    """
    return next(
        (
            found
            for found in re.finditer(pattern, text)
            if not denying.is_denied(text, *found.span(), meant_by=slot.meant_by)
        ),
        None,
    )


def _is_telling(label: str) -> bool:
    """Whether a label says by itself what it answers: 第一次, and neither 可以 nor 借."""
    return len(label) > 1 and not _ANSWER.fullmatch(label)


def meanings(
    text: str, script: Script, task: Task, names: Mapping[str, Any]
) -> Iterator[tuple[str, Entity]]:
    """Words that stand for a value, for the slots that they are meant for.

    One word may stand for values of several slots: then it speaks of the one that is asked for,
    else of those that are still empty, else of the last one that it would change.
    """
    found: dict[str, Entity] = {}
    text = fold(text)
    for name, slot in script.slots.items():
        for meaning in slot.means:
            said = (_meant(text, word) for word in _folded(meaning.words))
            match = max(filter(None, said), key=lambda each: len(each[0]), default=None)
            value = words.evaluate(meaning.value, names) if match else None
            if match and value is not None and not text[: match.start()].endswith(_NOT):
                found[name] = Entity("meant", str(value), match[0], *match.span())
    open_slots = [name for name in found if name not in task.slots]
    if task.asking in found:
        yield task.asking, found[task.asking]
    elif open_slots:
        yield from ((name, found[name]) for name in open_slots)
    else:
        other = [name for name, meant in found.items() if not _is_known(meant, task.slots[name])]
        # 「我自己的号」 of the own number is no riddle; at the read-back it may be a yes.
        said_again = [] if task.asking == CONFIRM else list(found)
        yield from ((name, found[name]) for name in (other or said_again)[-1:])


def _meant(text: str, word: str) -> re.Match[str] | None:
    """Where a word stands; 全…交 is not said by 「全都别交」."""
    match = words.cue(word).search(text)
    is_denied = match and any(no in match[0] and no not in word for no in _NOT)
    return None if is_denied else match


@functools.lru_cache(maxsize=4096)
def _folded(said: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a script as they stand in a folded text; the same ones at every turn."""
    return tuple(map(fold, said))


def _is_known(meant: Entity, filled: Filled) -> bool:
    return meant.value in (filled.said, filled.value)


def overlap(one: Entity, other: Entity) -> bool:
    return one.start < other.end and other.start < one.end
