"""Which flights a customer may act on, and who travels on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from sqlalchemy import ColumnElement

from engine.business.demo.bookings import allowed
from engine.business.demo.clock import day, local
from engine.business.demo.members import bound_member
from engine.business.demo.naming import Person, called, relations
from engine.business.demo.tables import flights
from engine.business.demo.trips import (
    age,
    at,
    closes,
    destinations,
    kind,
    opens,
    origins,
    status,
    trips,
)
from engine.business.provider import Refused, Row, Work

#: Journeys on which something can still be done.
_GOING_ON = ("open", "checked_in")
#: What is the same for everybody on a flight.
_SHARED = (
    *("flight_no", "date", "departure", "origin", "destination"),
    *("origin_city", "destination_city"),
)


async def journeys(
    work: Work,
    *,
    flight_no: str | None = None,
    date: str | None = None,
    origin: str | None = None,
    destination: str | None = None,
    who: Sequence[str] | None = None,
    id_number: str | None = None,
    order_no: str | None = None,
    checked_in: bool = False,
    about: str | None = None,
) -> list[Row]:
    """The flights on which a customer may act, by departure; every given argument narrows them.

    Proof, and flights of the past, are as in `bookings`; names of `who` that nobody has on these
    flights narrow nothing, nor do flight numbers `about`, spaces between, that none of them has:
    those which were just spoken of. A city that no flight leaves from is where it goes, as both are
    said alike: 「广州那班」. `checked_in` leaves those where somebody is. {journey, flight_no,
    airline, date, departure, origin, destination, origin_city, destination_city, status, opens,
    closes, names, infants, infant, seats, others, leg}; the status is `checked_in` when everybody
    is; `leg` says which of two between the same cities goes there (去程) and which back (回程);
    `others` are the customer's journeys with open check-in, where this one cannot be checked in.
    """
    own = await allowed(work, id_number, order_no)
    since = flights.c.date == date if date else flights.c.date >= day(work.now).isoformat()
    found = await trips(work.connection, own, since, *_narrowing(flight_no, origin, destination))
    if origin and not (destination or found):
        found = await trips(work.connection, own, since, *_narrowing(flight_no, None, origin))
    rows = _grouped(found, work)
    coming = [row for row in rows if row["status"] != "departed"]
    rows = rows if date else coming or rows
    if checked_in:
        rows = [row for row in rows if row["seats"]]
    rows = [row for row in rows if row["flight_no"] in (about or "").split()] or rows
    named = [row for row in rows if _mentions(row["names"], who or ())] or rows
    named = [{**row, "leg": leg(row, named)} for row in named]
    is_going_on = all(row["status"] in _GOING_ON for row in named)
    return named if is_going_on else _with_others(named, await _open(work, own))


def _with_others(rows: Iterable[Row], could: Sequence[Row]) -> list[Row]:
    return [
        {**row, "others": [other for other in could if other["journey"] != row["journey"]]}
        for row in rows
    ]


def leg(row: Row, rows: Iterable[Row]) -> str:
    """In the words of customers, whether a journey goes there or back; nothing of a single one."""
    back = (row["destination_city"], row["origin_city"])
    others = [each for each in rows if (each["origin_city"], each["destination_city"]) == back]
    if not others:
        return ""
    return "去程" if row["departure"] < others[0]["departure"] else "回程、返程、回来"


def _narrowing(
    flight_no: str | None, origin: str | None, destination: str | None
) -> Iterator[ColumnElement[bool]]:
    if flight_no:
        yield flights.c.flight_no == flight_no.upper()
    if origin:
        yield at(origins, origin)
    if destination:
        yield at(destinations, destination)


async def _open(work: Work, own: ColumnElement[bool]) -> list[Row]:
    """The customer's journeys from today on that can be checked in."""
    today = flights.c.date >= day(work.now).isoformat()
    rows = _grouped(await trips(work.connection, own, today), work)
    return [row for row in rows if row["status"] == "open"]


def _grouped(found: Iterable[Row], work: Work) -> list[Row]:
    """The segments of each flight as one journey."""
    return [_journey(list(group), work) for _, group in groupby(found, lambda trip: trip["id"])]


async def travellers(
    work: Work,
    *,
    journey: str,
    who: Sequence[str] | str | None = None,
    id_number: str | None = None,
    order_no: str | None = None,
    checked_in: bool = False,
    adults: bool = False,
) -> list[Row]:
    """The passengers of a flight for whom the customer may act, infants left out.

    `who` leaves those who are meant, in that order: names (also by sound), `self`, `wife`,
    `husband`, `spouse`, `child`, `father`, `mother`, `other`, `with_me` (我和…), `all`, `each` (of
    those who are named, else `all`), `adults`, `father_and_child`, `mother_and_child`, a number of
    people, and each of them as `not:…`. With `checked_in` those who have a seat already, else those
    who have none; with `adults` no children.
    {who, name, segment, kind, age, seat, status, relations}; `who` is the name, and tells two of
    one name apart; `relations` are those of these words that may mean this one.
    Refused: nobody_called(said, names, value), which_one(said, names, value),
    not_so_many(said, names, value), already_checked_in(name, seat), not_checked_in(name).
    """
    found = await on_journey(work, journey, id_number, order_no)
    people = [row for row in _people(found, work) if row["kind"] != "infant"]
    asked = [who] if isinstance(who, str) else list(who or ())
    people = [row for row in people if row["kind"] == "adult" or not adults]
    member = await bound_member(work)
    me = member["id_number"] if member else (id_number or "").upper()
    known = list(map(_person, people))
    related = relations(known, me=me)
    people = [{**row, "relations": related[row["who"]]} for row in people]
    waiting = [row for row in people if (row["status"] == "checked_in") == checked_in]
    if not asked:
        return waiting
    asked = _counted(asked, len(waiting), sum(map(_is_waiting_infant, found)))
    meant = called(known, asked, me=me, of=_names(waiting))
    chosen = [row for name in meant for row in people if row["who"] == name]
    if late := next((row for row in chosen if row not in waiting), None):
        reason = "not_checked_in" if checked_in else "already_checked_in"
        raise Refused(reason, name=late["name"], seat=late["seat"], value=late["who"])
    return chosen


def _counted(asked: Iterable[str], seated: int, infants: int) -> list[str]:
    """Who is meant, with 「我们三个」 of two who have seats and an infant as the two."""
    return [str(seated) if said == str(seated + infants) else said for said in asked]


def _person(row: Row) -> Person:
    return Person(row["who"], row["name"], row["id_number"], row["kind"] != "adult")


async def on_journey(
    work: Work, journey: str, id_number: str | None, order_no: str | None
) -> list[Row]:
    """The segments of one flight on which the customer may act."""
    condition = await allowed(work, id_number, order_no)
    return await trips(work.connection, flights.c.id == journey, condition)


def _journey(group: list[Row], work: Work) -> Row:
    first = group[0]
    states = [status(trip, local(work.now)) for trip in group]
    seated = [trip for trip in group if kind(trip) != "infant"]
    is_done = all(s == "checked_in" for s, t in zip(states, group, strict=True) if t in seated)
    open_states = [state for state in states if state != "checked_in"]
    return {
        "journey": first["id"],
        **{key: first[key] for key in _SHARED},
        "airline": first["flight_no"][:2],
        "status": "checked_in" if is_done or not open_states else open_states[0],
        "opens": opens(first),
        "closes": closes(first),
        "names": [trip["name"] for trip in seated],
        "infants": [trip["name"] for trip in group if _is_waiting_infant(trip)],
        "infant": next((trip["segment"] for trip in group if _is_waiting_infant(trip)), None),
        "seats": [trip["seat"] for trip in seated if trip["seat"]],
        "others": [],
    }


def _is_waiting_infant(trip: Row) -> bool:
    return kind(trip) == "infant" and not trip["guardian"]


def _people(group: Iterable[Row], work: Work) -> list[Row]:
    trips_ = list(group)
    names = [trip["name"] for trip in trips_]
    return [
        {
            "who": _told_apart(trip, names),
            "name": trip["name"],
            "segment": trip["segment"],
            "kind": kind(trip),
            "age": age(trip),
            "seat": trip["seat"],
            "status": status(trip, local(work.now)),
            "id_number": trip["id_number"],
        }
        for trip in trips_
    ]


def _told_apart(trip: Row, names: list[str]) -> str:
    name = str(trip["name"])
    return name if names.count(name) == 1 else f"{name}（证件尾号 {trip['id_number'][-4:]}）"


def _names(rows: Iterable[Row]) -> list[str]:
    return [str(row["who"]) for row in rows]


def _mentions(names: Iterable[str], who: Sequence[str]) -> bool:
    return any(name in who for name in names)
