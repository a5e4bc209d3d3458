"""Who of several people is meant: by name, by the sound of a name, as 我老婆, or as 两个人."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.business.provider import Refused
from engine.nlu.syllables import SYLLABLES

#: Words for those who travel along, as scripts say them.
RELATIONS = ("self", "with_me", "spouse", "wife", "husband", "father", "mother", "child", "other")
#: Words for two at once: 爷俩, 母女俩.
_PAIRS = ("father_and_child", "mother_and_child")
#: The first birthday that makes a grown-up, in years between two people.
_GENERATION = 15
_NOT = "not:"


@dataclass(frozen=True, slots=True)
class Person:
    """One of those who may be meant; `who` tells two of one name apart."""

    who: str
    name: str
    id_number: str
    is_child: bool = False

    @property
    def born(self) -> int:
        return int(self.id_number[6:10])

    @property
    def is_male(self) -> bool:
        return int(self.id_number[16]) % 2 == 1


def called(
    people: Sequence[Person], asked: Sequence[str], *, me: str, of: Sequence[str]
) -> list[str]:
    """The `who` of those meant, each once, in the order in which they were named.

    ``me`` is the customer's ID number, and ``of`` those whom 全部 and 两个人 count. Raises Refused
    as `journeys.travellers` says.
    """
    meant: list[str] = []
    me = me or _unknown_me(people, asked, of)
    asked = [each for word in asked for each in _apart(people, word, me)]
    asked = _each_of(asked)
    if list(asked) == ["with_me"]:
        return _with_me(people, me, of)
    if "all" in asked:
        # 「全家值机，儿子要靠窗，我们两个挨着」: nobody else is meant by the rest.
        asked = ["all", *(word for word in asked if word.startswith(_NOT))]
    # 「三个人，我23A，老婆23B」: how many there are is said of those who are named.
    for word in sorted(asked, key=str.isdecimal):
        if not word.startswith(_NOT):
            meant += [who for who in _one(people, word, me, of, meant) if who not in meant]
    left_out = [w.removeprefix(_NOT) for w in asked if w.startswith(_NOT)]
    without = {who for word in left_out for who in _one(people, word, me, of, [])}
    return [who for who in meant or of if who not in without]


def _each_of(asked: Sequence[str]) -> list[str]:
    """Without the word that those who are named are all meant: 「老婆和小宝都办」.

    Alone it means everybody.
    """
    named = [word for word in asked if word != "each"]
    others = any(not word.startswith(_NOT) for word in named)
    return named if others or len(named) == len(asked) else ["all", *named]


def _unknown_me(people: Sequence[Person], asked: Sequence[str], of: Sequence[str]) -> str:
    """The ID number of a stranger who travels with all the others that are named: 「我和老婆」."""
    others = [word for word in asked if word not in ("self", "with_me")]
    if len(others) == len(asked) or len(others) != len(of) - 1 or len(people) != len(of):
        return ""
    found = [_fitting(people, word) for word in others]
    named = {who for each in found for who in each}
    if any(len(each) != 1 for each in found) or len(named) != len(others):
        return ""
    return next(person.id_number for person in people if person.who not in named)


def _fitting(people: Sequence[Person], word: str) -> list[str]:
    if word in RELATIONS:
        return _related(people, word, "", [])
    return [person.who for person in people if word in (person.who, person.name)]


def _apart(people: Sequence[Person], word: str, me: str) -> list[str]:
    """The two that a word for a pair means: the customer is one of them, where it fits."""
    if word.startswith(_NOT):
        return [f"{_NOT}{each}" for each in _apart(people, word.removeprefix(_NOT), me)]
    if word not in _PAIRS:
        return [word]
    mine = next((p for p in people if p.id_number == me), None)
    is_father = word == "father_and_child"
    parent = "husband" if is_father else "wife"
    is_mine = mine is not None and mine.is_male == is_father and not mine.is_child
    return ["self" if is_mine else parent, "child"]


def _with_me(people: Sequence[Person], me: str, of: Sequence[str]) -> list[str]:
    """Those of 「我和…」 where nobody else was understood: both of two, else it must be asked."""
    if len(of) == 2 and any(p.id_number == me for p in people):
        return list(of)
    raise Refused("which_one", said="with_me", names=list(of), value="with_me")


def _one(
    people: Sequence[Person], word: str, me: str, of: Sequence[str], meant: list[str]
) -> list[str]:
    if word == "all":
        return list(of)
    if word == "adults":
        return [p.who for p in people if p.who in of and not p.is_child]
    if word.isdecimal():
        if int(word) != len(of):
            if int(word) == len(meant):
                return []
            raise Refused("not_so_many", said=word, names=list(of), value=word)
        return list(of)
    if word not in RELATIONS:
        return [_named(people, word)]
    found = _related(people, word, me, meant)
    if len(found) != 1:
        raise Refused("which_one", said=word, names=[p.who for p in people], value=word)
    return found


def relations(people: Sequence[Person], *, me: str) -> dict[str, list[str]]:
    """For each `who` the words of `RELATIONS` that may mean this one of them."""
    meant = {word: _related(people, word, me, []) for word in RELATIONS}
    return {
        person.who: [word for word, found in meant.items() if person.who in found]
        for person in people
    }


def _related(people: Sequence[Person], word: str, me: str, meant: Sequence[str]) -> list[str]:
    """Those whom a word for a relative may mean, those already meant left out."""
    if word in ("self", "with_me"):
        return [p.who for p in people if p.id_number == me]
    fits = _relation(people, word, me)
    return [p.who for p in people if p.id_number != me and p.who not in meant and fits(p)]


def _relation(people: Sequence[Person], word: str, me: str) -> Callable[[Person], bool]:
    """What a word for a relative says of a person."""
    mine = next((p for p in people if p.id_number == me), None)
    born = mine.born if mine else 0

    def is_peer(person: Person) -> bool:
        return not born or abs(person.born - born) < _GENERATION

    kinds: dict[str, Callable[[Person], bool]] = {
        "other": lambda p: True,
        "spouse": lambda p: is_peer(p) and (mine is None or p.is_male != mine.is_male),
        "wife": lambda p: not p.is_male and is_peer(p),
        "husband": lambda p: p.is_male and is_peer(p),
        "father": lambda p: p.is_male and (not born or p.born <= born - _GENERATION),
        "mother": lambda p: not p.is_male and (not born or p.born <= born - _GENERATION),
        "child": lambda p: p.born >= max((born or _eldest(people)) + _GENERATION, 0),
    }
    return kinds[word]


def _eldest(people: Sequence[Person]) -> int:
    return min(person.born for person in people)


def _named(people: Sequence[Person], word: str) -> str:
    exact = [p.who for p in people if word in (p.who, p.name)]
    found = exact or [p.who for p in people if _sounds(p.name) == _sounds(word)]
    if len(found) == 1:
        return found[0]
    reason = "which_one" if found else "nobody_called"
    raise Refused(reason, said=word, names=found or [p.who for p in people], value=word)


def _sounds(name: str) -> list[str]:
    return [SYLLABLES[character] or character for character in name]
