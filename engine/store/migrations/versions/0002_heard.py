"""What was heard in a voice message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("heard", sa.Text()))
    op.add_column("inbox", sa.Column("confidence", sa.Float()))
