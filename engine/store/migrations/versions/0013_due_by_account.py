"""What is due is found by account and time together, and what is old by time.

With an index of each, SQLite took that of accounts and read every session of one at each look.
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    for table in ("sessions", "notices"):
        op.drop_index(f"{table}_due", table)
        op.create_index(f"{table}_due", table, ["account", "due"])
    op.create_index("outbox_account", "outbox", ["account", "due"])
    op.drop_index("outbox_customer", "outbox")
    op.create_index("outbox_customer", "outbox", ["account", "openid", "due"])
    for table in ("sessions", "inbox", "ledger", "pictures"):
        op.create_index(f"{table}_at", table, ["at"])
