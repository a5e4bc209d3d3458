"""How fast customers and accounts may write: `judging` says, `buckets` counts for all processes."""

from __future__ import annotations

from engine.limits.buckets import Rate
from engine.limits.judging import ACCOUNT, CUSTOMER, Limits, Verdict

__all__ = ["ACCOUNT", "CUSTOMER", "Limits", "Rate", "Verdict"]
