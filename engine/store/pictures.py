"""Pictures by meaning, until someone looks at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from engine.store.connection import Connection
from engine.store.schema import pictures

_PUT = insert(pictures)
_GET = select(pictures.c.kind, pictures.c.model, pictures.c.account, pictures.c.openid).where(
    pictures.c.id == bindparam("id")
)


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """What a picture shows, its ``kind`` and the ``model`` that it is drawn from, and to whom."""

    kind: str
    model: dict[str, Any]
    account: str
    openid: str


async def put(
    connection: Connection,
    *,
    id: str,
    account: str,
    openid: str,
    kind: str,
    model: Mapping[str, Any],
    now: datetime,
) -> None:
    """Keep a picture under its unguessable id."""
    row = {"id": id, "account": account, "openid": openid, "kind": kind}
    await connection.execute(_PUT, {**row, "model": dict(model), "at": now})


async def get(connection: Connection, id: str) -> StoredPicture | None:
    """The picture with this id; None when there is none, or its customer has been forgotten."""
    row = (await connection.execute(_GET, {"id": id})).one_or_none()
    return None if row is None else StoredPicture(**row._mapping)
