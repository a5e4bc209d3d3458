"""The airline: all that a customer may ask of it and have done."""

from __future__ import annotations

from engine.business.demo.bookings import bookings
from engine.business.demo.check_in import cancel_check_in, change_seats, check_in
from engine.business.demo.flights import flights
from engine.business.demo.journeys import journeys, travellers
from engine.business.demo.passes import boarding_passes
from engine.business.demo.seats import find_seats, seat_map
from engine.business.provider import Business

business = Business("airline")
for query in (
    *(bookings, journeys, travellers, boarding_passes),
    *(flights, seat_map, find_seats),
):
    business.query(query)
for effect in (check_in, change_seats, cancel_check_in):
    business.effect(effect)
