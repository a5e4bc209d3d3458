"""Money: integer fen inside the database, yuan as a decimal string outside of it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def fen(yuan: str) -> int:
    """Fen of an amount in yuan. Raises ValueError when it is no amount of whole fen."""
    try:
        value = Decimal(yuan) * 100
    except InvalidOperation as error:
        raise ValueError(f"not an amount in yuan: {yuan!r}") from error
    if not value.is_finite() or value != value.to_integral_value():
        raise ValueError(f"not an amount of whole fen: {yuan!r}")
    return int(value)


def yuan(amount: int) -> str:
    """Shortest yuan text: `50`, `49.9`, `-12.35`."""
    sign, (whole, rest) = "-" * (amount < 0), divmod(abs(amount), 100)
    return f"{sign}{whole}.{rest:02}".rstrip("0").rstrip(".")
