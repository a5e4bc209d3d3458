"""Two of a list who take each other's values: 「我跟孩子换一下」."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.dialog.reading import listing
from engine.dialog.scripts.script import Slot
from engine.dialog.state.session import Task
from engine.nlu.parse import Entity

#: 「我跟孩子换一下」, 「小宝和我换」: two take each other's.
_SWAP = re.compile(
    "[和跟与同].*(?:[互对调]换|对调|换(?:一下|一换|换|下|一?个)?(?:座位?|位子|位置)?[吧呗啊]?$)"
)
#: Both of two: 「两个人对调」, or what they were given stands the wrong way round: 「说反了」.
_BOTH = re.compile(
    "(?:俩|两个人?|两位).*(?:[互对调]换|对调|换一?[下换])"
    "|^[^，,。]{0,6}(?:[说弄搞选写坐]|刚好|座位)?(?:反了|颠倒了?)[吧啊]?[。！]?$"
)
#: 「我跟孩子换座位」 alone may as well move both.
_WITH_EACH_OTHER = re.compile("[互对调]换|对调|换(?:一下|一换|换|下|一?个)")
_PAIR = 2


def swapped(text: str, slot: Slot, name: str, named: Sequence[Entity], task: Task) -> list[str]:
    """What each has once two who are named take each other's: 「我跟孩子换一下」; else nothing."""
    known = listing.so_far(task.slots.get(name), listing.size(slot, task))
    places = list(dict.fromkeys(place for place, _ in listing.owners_in(slot, named, name, task)))
    if len(known) == _PAIR and _BOTH.search(text):
        places = [0, 1]
    elif not _SWAP.search(text):
        return []
    if len(places) != _PAIR or not all(known):
        return []
    one, other = places
    known[one], known[other] = known[other], known[one]
    return known


def is_swap(text: str, named: Sequence[Entity]) -> bool:
    """Whether two who are named are to take each other's, whatever they have."""
    is_clear = _SWAP.search(text) is not None and _WITH_EACH_OTHER.search(text) is not None
    return len({hit.value for hit in named}) >= _PAIR and is_clear
