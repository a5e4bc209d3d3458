"""`python -m engine.cli` is `banli`, also where the package is not installed."""

from __future__ import annotations

from engine.cli import main

if __name__ == "__main__":
    main()
