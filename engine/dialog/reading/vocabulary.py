"""The words of a script that are values: names, what stands for a value, bare numbers."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.dialog.scripts.script import Script
from engine.dialog.state.session import CONFIRM, Filled, Task, Value
from engine.dialog.wording import words
from engine.nlu.grammar.fold import fold
from engine.nlu.grammar.numerals import plain, read
from engine.nlu.parse import Entity

#: Free words: a slot of this type takes the whole answer, and only when it is asked for.
FREE_TEXT = "text"
#: 第12排: no number to the grammars, for it counts nothing.
_NTH = r"第\s?(?P<n>[0-9]{1,2}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_NOT = ("不", "不要", "不想", "不是", "不用", "不必", "不需要", "别", "除了")
#: The same before what is done for whom: 不是充(我自己的).
_DENIED = re.compile(f"(?:{'|'.join(_NOT)})(?:[给帮替往充冲交缴付查])?我?$")


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


def meanings(
    text: str, script: Script, task: Task, names: Mapping[str, Any], told: Mapping[str, Value]
) -> Iterator[tuple[str, Entity]]:
    """Words that stand for a value, for the slots that they are meant for.

    ``names`` are those of their expressions, ``told`` what the same message says by other words.
    One word may stand for values of several slots: then it speaks of the one that is asked for,
    else of those that are still empty, else of the last one that it would change.
    """
    found: dict[str, Entity] = {}
    text = fold(text)
    names = {**names, "heard": {**names.get("heard", {}), **told}}
    for name, slot in script.slots.items():
        for meaning in slot.means:
            said = (_meant(text, word) for word in _folded(meaning.words))
            match = max(filter(None, said), key=lambda each: len(each[0]), default=None)
            value = words.evaluate(meaning.value, names) if match else None
            if match and value is not None and not _DENIED.search(text[: match.start()]):
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
