"""A database of an earlier program keeps what is in it when a newer one opens it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select, text

from engine.store import Connection, Store, choices, migrate
from engine.store.outbox import Origin, Outgoing, read
from engine.store.schema import api_messages, outbox

KEYS = {
    "fa31": (Origin(), ""),
    "part-9c": (Origin(is_part=True), ""),
    "template 77": (Origin(), "77"),
    "phone 139 17 5": (Origin(message="phone 139 17 5"), ""),
    "perhaps 1790000000 phone 139 17 6": (
        Origin("phone 139 17 6", datetime.fromtimestamp(1_790_000_000, UTC)),
        "",
    ),
}


async def undo(connection: Connection) -> None:
    """Take away what came after 0010."""
    for table in ("follows", "choices"):
        await connection.execute(text(f"DROP TABLE {table}"))
    for index in ("outbox_account", "sessions_at", "inbox_at", "ledger_at", "pictures_at"):
        await connection.execute(text(f"DROP INDEX {index}"))
    for column in ("message", "uncertain_since", "is_part", "template"):
        await connection.execute(text(f"ALTER TABLE outbox DROP COLUMN {column}"))
    await connection.execute(text(f"UPDATE {migrate.VERSION_TABLE} SET version_num = '0010'"))


async def fill(connection: Connection) -> None:
    put = text(
        "INSERT INTO outbox (account, openid, reply, attempts, key)"
        " VALUES ('phone', '139', :reply, 0, :key)"
    )
    await connection.execute(put, [{"key": key, "reply": b"[]"} for key in KEYS])
    asked = text(
        "INSERT INTO api_messages (account, id, openid, digest, answer, at)"
        " VALUES ('phone', :id, '139', :digest, :answer, 5)"
    )
    kept = [("m1", b"[]"), ("m2", None), ("choices 139", b"[1]")]
    rows = [{"id": id, "digest": b"d", "answer": answer} for id, answer in kept]
    await connection.execute(asked, rows)


async def test_what_strings_told_is_read_from_columns_and_tables(either: Store) -> None:
    async with either.writing() as connection:
        await undo(connection)
        await fill(connection)
        await connection.run_sync(migrate.upgrade)
    async with either.reading() as connection:
        rows = [read(row) for row in await connection.execute(select(outbox))]
        shown = await choices.get(connection, account="phone", openid="139")
        asked = set(await connection.scalars(select(api_messages.c.id)))
    assert {row.key: _told(row) for row in rows} == KEYS
    assert (shown, asked) == (b"[1]", {"m1", "m2"})


def _told(row: Outgoing) -> tuple[Origin, str]:
    return row.origin, row.template
