"""Sealing again what another key sealed, or none: a batch in a transaction, while others serve."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    LargeBinary,
    RowMapping,
    Table,
    TableClause,
    column,
    select,
    table,
    tuple_,
    update,
)

from engine.store.connection import Connection
from engine.store.keys import Ring, key_of
from engine.store.schema import metadata
from engine.store.sealing import Mark, Sealed
from engine.store.store import Store

#: Rows in one transaction: other writers wait about as long as for a turn.
BATCH = 200


@dataclass(frozen=True, slots=True)
class _Sealing:
    """A table whose sealed columns are the bytes that they are kept as.

    ``columns`` has the place that each is sealed as, ``marks`` the column that each mark is of.
    """

    table: TableClause
    key: tuple[str, ...]
    columns: Mapping[str, bytes]
    marks: Mapping[str, str]

    @classmethod
    def of(cls, declared: Table) -> _Sealing:
        raw = [
            column(each.name, LargeBinary() if isinstance(each.type, Sealed | Mark) else each.type)
            for each in declared.columns
        ]
        return cls(
            table(declared.name, *raw),
            tuple(each.name for each in declared.primary_key),
            {
                each.name: each.type.place.encode()
                for each in declared.columns
                if isinstance(each.type, Sealed)
            },
            {each.name: each.type.of for each in declared.columns if isinstance(each.type, Mark)},
        )

    async def batches(self, store: Store) -> AsyncIterator[Sequence[RowMapping]]:
        """The key and the sealed values of all rows, in the order of the key."""
        keys = [self.table.c[name] for name in self.key]
        query = select(*(self.table.c[name] for name in (*self.key, *self.columns, *self.marks)))
        query = query.order_by(*keys).limit(BATCH)
        rest = query
        while True:
            async with store.reading() as connection:
                batch = (await connection.execute(rest)).mappings().all()
            if not batch:
                return
            yield batch
            rest = query.where(tuple_(*keys) > tuple_(*(batch[-1][name] for name in self.key)))


_SEALINGS = [each for each in map(_Sealing.of, metadata.sorted_tables) if each.columns]


async def census(store: Store) -> Counter[str]:
    """How many values each key has sealed, by its name; those of no key are in clear."""
    found: Counter[str] = Counter()
    for sealing in _SEALINGS:
        async for batch in sealing.batches(store):
            kept = (row[name] for row in batch for name in sealing.columns)
            found.update(key_of(value) for value in kept if value is not None)
    return found


async def reseal(store: Store, ring: Ring) -> AsyncIterator[int]:
    """Seal everything with the first key; gives the number of rows that each batch changed.

    What that key has sealed is left alone, so it goes on where it was stopped. A row that somebody
    else changes meanwhile is sealed by them. Raises `Unreadable`.
    """
    for sealing in _SEALINGS:
        async for batch in sealing.batches(store):
            stale = [row for row in batch if not _is_newest(row, sealing, ring)]
            if stale:
                async with store.writing() as connection:
                    for row in stale:
                        await _renew(connection, row, sealing, ring)
                yield len(stale)


def _is_newest(row: RowMapping, sealing: _Sealing, ring: Ring) -> bool:
    kept = (row[name] for name in sealing.columns)
    return all(value is None or ring.is_newest(value) for value in kept)


async def _renew(connection: Connection, row: RowMapping, sealing: _Sealing, ring: Ring) -> None:
    kept = {name: row[name] for name in sealing.columns if row[name] is not None}
    places = sealing.columns
    opened = {name: ring.open(value, places[name]) for name, value in kept.items()}
    fresh = {name: ring.seal(value, places[name]) for name, value in opened.items()}
    for mark, of in sealing.marks.items():
        if row[mark] is not None:
            fresh[mark] = ring.mark(opened[of].decode())
    same = [sealing.table.c[name] == row[name] for name in (*sealing.key, *kept)]
    await connection.execute(update(sealing.table).where(*same).values(fresh))
