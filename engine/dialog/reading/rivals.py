"""Two values where there is room for one.

Of 「充50，不对，100」 the first was taken back. Of 「充50或者100」 neither is taken; it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Task, Value
from engine.dialog.wording.filters import mask
from engine.nlu.parse import Entity

#: The problem of a slot of which several values were said.
SEVERAL = "several"
#: Types whose values are masked where they are shown.
_LONG = ("phone", "id_number")
#: Types of which the wrong one would cost money, or be somebody else's.
_KINDS = ("phone", "id_number", "money", "flight_no", "order_no")
#: Types of which two make a choice only with 或者 between them.
_CHOICES = ("date",)
_OR = re.compile(r"[\s,，的]*(?:或者?是?|还是|要么|/)[\s,，]*")
#: Between two values that are a choice or a list.
_BETWEEN = re.compile(r"(?:\s|[、,，/和跟与及或~—-]|或者|还是|要么|[到至](?!底)|元|块钱?)+")
#: Where a thought ends and another one may begin.
BREAK = re.compile(r"[\s,，。;；…!！?？~—-]")
#: Before a value that is not meant: 不要(给)13900138000. 要不 and 不然 deny nothing.
_DENIED = re.compile(
    r"(?<![要能可好行])(?:不是|不要|不用|(?<![分特])别|甭|不)[^\W\d然如过到足够止多超]?$"
)
#: After a value that is given up for another one: 「2A不要了，换后面的」, not 「2A不行的话…」.
_GIVEN_UP = re.compile(
    "(?:这个|那个)?(?:座位?|位子|位置)?(?:的|我|就)*不(?:要|想要?|坐|行|好|用|喜欢)(?!的话|就|吗|么)"
)
#: 「五十，还是一百吧」 decides; 「五十还是一百」 does not.
_STILL = "还是"
_DECIDES = ("吧", "好了", "得了", "算了")


def of(
    entity: Entity,
    text: str,
    script: Script,
    hits: Mapping[str, Sequence[Entity]],
    allowed: Collection[str] | None,
) -> str | None:
    """The slot that has another value of the message already, and no room for this one.

    ``hits`` are the values so far, ``allowed`` the slots that such a value may fill; beside the
    other one, with nothing but 或者 or a comma between them, it may always.
    """
    is_choice = entity.type in _CHOICES
    if not (is_choice or entity.type in _KINDS) or entity.value is None:
        return None
    taking = [name for name, slot in script.slots.items() if entity.type in slot.type]
    if len(taking) != 1 or script.slots[taking[0]].is_list:
        return None
    said = [hit for hit in hits.get(taking[0], ()) if hit.type == entity.type]
    if not said or any(_is_same(entity, hit) for hit in said):
        return None
    if is_choice:
        # Two days may be two facts (明天去，后天回): only what is said as a choice is one.
        return taking[0] if any(_are_beside(text, entity, hit, _OR) for hit in said) else None
    is_meant = allowed is None or taking[0] in allowed
    return taking[0] if is_meant or any(_are_beside(text, entity, hit) for hit in said) else None


def _is_same(one: Entity, other: Entity) -> bool:
    return one.value == other.value or (one.start < other.end and other.start < one.end)


def _are_beside(text: str, one: Entity, other: Entity, between: re.Pattern[str] = _BETWEEN) -> bool:
    first, second = sorted((one, other), key=lambda each: each.start)
    return between.fullmatch(text[first.end : second.start]) is not None


def label(entity: Entity) -> str:
    """What stands on a button for one of several values; of long numbers the ends."""
    is_long = entity.type in _LONG or re.fullmatch(r"\d{9,}", entity.value or "")
    return mask(entity.value) if is_long else entity.text


def _turned_down(entities: Sequence[Entity], text: str, script: Script) -> list[Entity]:
    """The codes that are turned down by name beside other values for their slot.

    Of a slot for each of a list, as seats are, any of them may be.
    """
    denied = [e for e in entities if e.type == "seat" and _GIVEN_UP.match(text, e.end)]
    kinds = {kind for slot in script.slots.values() if "seat" in slot.type for kind in slot.type}
    others = [e for e in entities if e.type in kinds and e.value and e not in denied]
    return denied if others else []


def taken_back(
    entities: Sequence[Entity], text: str, script: Script, task: Task, rather: tuple[str, ...]
) -> list[Entity]:
    """The values in whose place the same breath puts another one.

    ``rather`` are the words that do so: 「一百，算了，五十」. A choice is decided as well by what
    is said last and alone: 「一百还是五十呢，一百吧」; and beside the value that the task has
    already, another one is a change: 「两百多了，一百就行」.
    """
    if len(entities) < 2:
        return []
    found = _turned_down(entities, text, script)
    for kind in (*_KINDS, *_CHOICES):
        said = sorted((e for e in entities if e.type == kind and e.value), key=lambda e: e.start)
        name = _only_place(kind, script)
        if name and len({entity.value for entity in said}) > 1:
            filled = task.slots.get(name)
            found += _given_up(said, text, rather, filled.said if filled else "")
    return found


def _only_place(kind: str, script: Script) -> str:
    taking = [name for name, slot in script.slots.items() if kind in slot.type]
    return taking[0] if len(taking) == 1 and not script.slots[taking[0]].is_list else ""


def _given_up(said: list[Entity], text: str, rather: tuple[str, ...], known: Value) -> list[Entity]:
    denied = [entity for entity in said if _DENIED.search(text[: entity.start])]
    left = [entity for entity in said if entity not in denied]
    if not left:
        return []
    last = left[-1]
    others = [entity for entity in left if entity.value != last.value]
    if not others:
        return denied
    if _is_decided(last, left[-2], said, text, rather):
        return denied + others
    old = [entity for entity in left if entity.value == known]
    is_listed = _are_beside(text, left[-2], last)
    return denied if is_listed or len(old) == len(left) else denied + old


def _is_decided(
    last: Entity, before: Entity, said: list[Entity], text: str, rather: tuple[str, ...]
) -> bool:
    between, after = text[before.end : last.start], text[last.end :]
    if any(word in between for word in rather):
        return True
    if not BREAK.search(between):
        return False
    is_repeated = any(entity.value == last.value for entity in said if entity is not last)
    return is_repeated or (_STILL in between and after.startswith(_DECIDES))
