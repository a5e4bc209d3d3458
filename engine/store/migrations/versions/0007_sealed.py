"""What customers said, as bytes that can be sealed. `banli keys rotate` seals what was there."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_COLUMNS: dict[str, dict[str, sa.types.TypeEngine[Any]]] = {
    "inbox": {"heard": sa.Text()},
    "ledger": {"arguments": sa.JSON(), "result": sa.JSON()},
    "outbox": {"facts": sa.JSON()},
    "notices": {"facts": sa.JSON()},
    "pictures": {"model": sa.JSON()},
    "conversation": {"text": sa.Text(), "trace": sa.JSON()},
    "waiting": {"name": sa.String(), "task": sa.JSON()},
}


def upgrade() -> None:
    for table, columns in _COLUMNS.items():
        with op.batch_alter_table(table) as batch:
            for column, before in columns.items():
                batch.alter_column(
                    column,
                    existing_type=before,
                    type_=sa.LargeBinary(),
                    postgresql_using=f"convert_to({column}::text, 'UTF8')",
                )
    op.add_column("conversation", sa.Column("mark", sa.LargeBinary()))
    # In clear, as without a ring: `banli keys rotate` marks them with the others.
    op.execute("UPDATE conversation SET mark = text WHERE is_doubtful")
