"""What a message was answered with, beside its own answer: every delivery of it gets the same."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("told", sa.LargeBinary()))
