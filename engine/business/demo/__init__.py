"""A company to show things with: an airline, telecom operators, their members and orders.

`seed.prepare` lays its tables and data, which are described in `data/demo/`.
"""

from __future__ import annotations

from engine.business.demo import (
    airline,
    bills,
    happenings,
    members,
    orders,
    payments,
    seed,
    settling,
    subscriptions,
    telecom,
)
from engine.business.provider import Business

__all__ = ["business", "happenings"]

#: What scripts call as `airline.…`, `telecom.…`, `orders.…`, `members.…` and `notices.…`.
business = Business("demo").with_parts(
    airline.business,
    telecom.business,
    bills.business,
    payments.business,
    settling.business,
    orders.business,
    members.business,
    subscriptions.business,
)
business.prepare(seed.prepare)
