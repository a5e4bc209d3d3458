"""The airline: all that a customer may ask of it and have done."""

from __future__ import annotations

from engine.business.demo.bookings import bookings
from engine.business.demo.check_in import check_in
from engine.business.demo.flights import flights
from engine.business.demo.seats import find_seat, seat_map
from engine.business.provider import Business

business = Business("airline")
for query in (bookings, flights, seat_map, find_seat):
    business.query(query)
business.effect(check_in)
