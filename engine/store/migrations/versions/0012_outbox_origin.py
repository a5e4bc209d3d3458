"""What a reply in the outbox answers, in columns, and choices of a phone in a table of their own.

Until now strings told it: keys that began with ``perhaps ``, ``part-`` or ``template ``, and ids of
other programs' messages that began with ``choices ``.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_OUTBOX = sa.table(
    "outbox",
    sa.column("id", sa.Integer),
    sa.column("account", sa.String),
    sa.column("openid", sa.String),
    sa.column("key", sa.String),
    sa.column("message", sa.String),
    sa.column("uncertain_since", sa.BigInteger),
    sa.column("is_part", sa.Boolean),
    sa.column("template", sa.String),
)


def upgrade() -> None:
    op.add_column("outbox", sa.Column("message", sa.String()))
    op.add_column("outbox", sa.Column("uncertain_since", sa.BigInteger()))
    op.add_column(
        "outbox", sa.Column("is_part", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("outbox", sa.Column("template", sa.String()))
    _read_keys()
    op.create_table(
        "choices",
        sa.Column("account", sa.String(), primary_key=True),
        sa.Column("openid", sa.String(), primary_key=True),
        sa.Column("buttons", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("choices_at", "choices", ["at"])
    op.execute(
        "INSERT INTO choices (account, openid, buttons, at) SELECT account, openid, answer, at"
        " FROM api_messages WHERE id = 'choices ' || openid AND answer IS NOT NULL"
    )
    op.execute("DELETE FROM api_messages WHERE id = 'choices ' || openid")


def _read_keys() -> None:
    """Put into columns what the keys of rows say; a key stays, for tries with it are equal."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(_OUTBOX).where(_OUTBOX.c.key.is_not(None))).all():
        meant = _meaning(row.key, begin=f"{row.account} {row.openid} ")
        if meant:
            connection.execute(sa.update(_OUTBOX).where(_OUTBOX.c.id == row.id).values(**meant))


def _meaning(key: str, *, begin: str) -> dict[str, object]:
    kind, _, rest = key.partition(" ")
    if kind == "template":
        return {"template": rest}
    if kind == "perhaps":
        seconds, _, message = rest.partition(" ")
        return {"message": message, "uncertain_since": int(seconds) * 1_000_000}
    if key.startswith("part-"):
        return {"is_part": True}
    return {"message": key} if key.startswith(begin) else {}
