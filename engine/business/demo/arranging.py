"""Seats for a party: each as wished, side by side where that is wished. No SQL here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from engine.business.demo.cabin import Cabin, Seat, nearest, seat_number, suiting
from engine.business.demo.trips import EXIT
from engine.business.provider import Refused

#: How many seats a refusal offers instead.
NEAR = 3
#: Wishes for a seat beside one's own people, and beside the exit.
TOGETHER, AT_EXIT = "together", "exit"
_ROW = "row:"
#: For more people than this no order of seats is searched.
_FEW = 4
#: A seat is one of these.
_PLACES = frozenset({"window", "aisle", "middle"})


@dataclass(frozen=True, slots=True)
class Traveller:
    """Who is to be seated. An empty wish waits; `has_infant` is for one on the lap."""

    name: str
    age: int
    wish: str
    has_infant: bool = False


def arrange(
    there: Cabin, party: Sequence[Traveller], *, others: Sequence[Seat] = ()
) -> list[Seat | None]:
    """A seat for everybody who has a wish, as `seats.find_seats` says, which names the refusals.

    ``others`` are the seats of those who travel along and are not of this party.
    """
    seats: list[Seat | None] = [None] * len(party)
    for place, traveller in enumerate(party):
        if number := seat_number(traveller.wish):
            if number in [seat.number for seat in seats if seat]:
                near = _numbers(_nearest(there, number, seats))
                raise Refused("same_seat", seat=number, near=near, value=traveller.wish)
            seats[place] = _numbered(there, number, traveller, seats)
    open_places = [at for at, t in enumerate(party) if t.wish and not seat_number(t.wish)]
    for at, seat in zip(open_places, _one_beside(there, party, open_places, seats), strict=False):
        seats[at] = seat
    wishes = dict.fromkeys(party[at].wish for at in open_places if seats[at] is None)
    # Who wants to sit beside the others sits down last.
    for wish in sorted(wishes, key=lambda wish: TOGETHER in wish.split("+")):
        places = [at for at, traveller in enumerate(party) if traveller.wish == wish]
        found = _wished(there, [party[at] for at in places], wish, seats, others)
        for at, seat in zip(places, found, strict=True):
            seats[at] = seat
    return seats


def _one_beside(
    there: Cabin, party: Sequence[Traveller], places: list[int], given: Sequence[Seat | None]
) -> Sequence[Seat]:
    """Seats side by side where not all wish for the same: 「她靠窗，我坐她旁边」; else none.

    Raises Refused where all wish for that, and there are none.
    """
    wishes = [[word for word in party[at].wish.split("+") if word != "any"] for at in places]
    some = [TOGETHER in wish for wish in wishes]
    words = [[word for word in wish if word != TOGETHER] for wish in wishes]
    is_one = not any(some) or all(wish == wishes[0] for wish in wishes)
    if is_one or len(places) > _FEW or any(set(each) - _PLACES for each in words):
        return ()
    beside = [seat for seat in given if seat]
    for aisles in (False, True):
        for block in _blocks(_free(there, given), len(places), beside, over_aisle=aisles):
            for row in permutations(block):
                if all(suiting([seat], "+".join(w)) for seat, w in zip(row, words, strict=True)):
                    return row
    if all(some):
        wish, near = party[places[0]].wish, _best(_free(there, given))
        raise Refused("not_together", wish=wish, near=near, alone=False, value=wish)
    return ()


def _numbered(there: Cabin, number: str, traveller: Traveller, given: list[Seat | None]) -> Seat:
    seat = there.find(number)
    free = _free(there, given)
    if seat is None:
        raise Refused("no_such_seat", seat=number, near=_best(free), value=number)
    near = _numbers(nearest(free, seat))
    if seat.is_exit:
        _demand_exit(traveller, number, near)
        return seat
    if seat.state == "yours":
        return seat
    if seat.state == "paid":
        raise Refused("paid_seat", seat=number, price=seat.price, near=near, value=number)
    if seat.state != "free":
        raise Refused("seat_taken", seat=number, near=near, value=number)
    return seat


def _demand_exit(traveller: Traveller, seat: str, near: list[str]) -> None:
    """Who sits beside an exit must be able to open it. Raises Refused."""
    facts = {"name": traveller.name, "seat": seat, "near": near, "value": traveller.wish}
    if traveller.has_infant:
        raise Refused("exit_with_infant", **facts)
    if traveller.age < EXIT:
        raise Refused("exit_too_young", **facts)


def _wished(
    there: Cabin,
    party: list[Traveller],
    wish: str,
    given: list[Seat | None],
    others: Sequence[Seat],
) -> Sequence[Seat]:
    words = [word for word in wish.split("+") if word not in ("", "any", TOGETHER)]
    free = _free(there, given)
    if AT_EXIT in words:
        for traveller in party:
            _demand_exit(traveller, "", _best(free))
        free = [seat for seat in there.seats if seat.is_exit and seat not in given]
    if rows := [word.removeprefix(_ROW) for word in words if word.startswith(_ROW)]:
        free = [seat for seat in free if str(seat.row) in rows]
        words = [word for word in words if not word.startswith(_ROW)]
        if len(party) == 1 and free and not words:
            raise Refused(
                "which_seat", row=rows[0], near=[seat.number for seat in free], value=wish
            )
    is_side_by_side = TOGETHER in wish.split("+") or (len(party) > 1 and not words)
    beside = [seat for seat in given if seat] if is_side_by_side else []
    nearby = [beside]
    if TOGETHER in wish.split("+"):
        nearby = _neighbours(beside, others, len(party))
    try:
        for neighbours in nearby:
            for found in _arrangements(free, len(party), words, is_side_by_side, neighbours):
                return found
    except ValueError:
        pass
    if TOGETHER in wish.split("+"):
        best = _best(_free(there, given))
        raise Refused("not_together", wish=wish, near=best, alone=not nearby, value=wish)
    left = suiting(free, "any")[: len(party)]
    if is_side_by_side and len(left) == len(party):
        return left
    raise Refused("no_match", wish=wish, near=_best(_free(there, given)), value=wish)


def _neighbours(given: list[Seat], others: Sequence[Seat], size: int) -> list[list[Seat]]:
    """Whose seats to sit beside, the best first: everybody's, or those of one who sits already.

    None where a single one wishes to sit beside somebody who has no seat.
    """
    found = [[*given, *others], *([*given, each] for each in others)] if others else []
    return [*found, given] if given or size > 1 else found


def _arrangements(
    free: list[Seat], size: int, words: list[str], side_by_side: bool, beside: list[Seat]
) -> Iterator[list[Seat]]:
    """Ways to seat some people, the best first: everybody as wished, or at least one of them."""
    if side_by_side:
        for aisles in (False, True):
            blocks = [*_blocks(free, size, beside, over_aisle=aisles)]
            # The wish for a window is met where one of the party has it.
            yield from sorted(
                (block for block in blocks if _suits(block, words)),
                key=lambda block: (sum(seat.middle for seat in block), block[0].row),
            )
        return
    everybody = suiting(free, "+".join(words))
    if len(everybody) >= size:
        yield everybody[:size]
    if len(words) >= size and not everybody and set(words) <= _PLACES:
        # 一个靠窗一个过道: no seat is both, so each of them has one. 靠窗或靠过道: the first.
        singly: list[Seat] = []
        for at in range(size):
            fitting = [seat for seat in suiting(free, words[at]) if seat not in singly]
            singly += fitting[:1]
        if len(singly) == size:
            yield singly


def _blocks(
    free: list[Seat], size: int, beside: list[Seat], *, over_aisle: bool
) -> Iterator[list[Seat]]:
    """Seats next to each other in one row, and next to those of the party who sit already."""
    here = [*free, *beside]
    for row in dict.fromkeys(seat.row for seat in here):
        seats = sorted((seat for seat in here if seat.row == row), key=lambda seat: seat.column)
        for first in range(len(seats)):
            block = seats[first : first + size + len(beside)]
            chained = all(a.is_next_to(b, over_aisle=over_aisle) for a, b in pairwise(block))
            new = [seat for seat in block if seat not in beside]
            if chained and len(new) == size and all(seat in block for seat in beside):
                yield new


def _suits(block: list[Seat], words: list[str]) -> bool:
    kinds = [word for word in words if word in ("window", "aisle", "middle")]
    rest = [word for word in words if word not in kinds]
    fits_all = all(suiting([seat], "+".join(rest)) for seat in block)
    return fits_all and all(any(seat.is_(kind) for seat in block) for kind in kinds)


def _free(there: Cabin, given: Sequence[Seat | None]) -> list[Seat]:
    return [seat for seat in there.free() if seat not in given]


def _nearest(there: Cabin, number: str, given: Sequence[Seat | None]) -> list[Seat]:
    seat = there.find(number)
    free = _free(there, given)
    return nearest(free, seat) if seat else free


def _best(free: list[Seat]) -> list[str]:
    return _numbers(suiting(free, "any"))


def _numbers(found: list[Seat]) -> list[str]:
    return [seat.number for seat in found[:NEAR]]
