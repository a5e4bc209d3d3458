"""The dashboard asks for figures that there are, and the page describes all of them."""

from __future__ import annotations

import re
from pathlib import Path

from engine.meters import Meters

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"banli_[a-z_]+")


def exposed() -> set[str]:
    """The names of all figures, as they are fetched."""
    described = re.findall(r"^# TYPE (\S+) (\S+)", Meters().exposition().decode(), re.MULTILINE)
    names = {name for name, kind in described if not name.endswith("_created")}
    parts = {f"{name}{part}" for name, kind in described if kind == "histogram" for part in PARTS}
    return names | parts


PARTS = ("_bucket", "_sum", "_count")


def test_every_query_of_the_dashboard_is_of_a_figure_that_exists() -> None:
    asked = set(NAME.findall((ROOT / "deploy" / "grafana.json").read_text(encoding="utf-8")))
    assert len(asked) > 5
    assert asked - exposed() == set()


def test_every_figure_is_described_and_no_other() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(banli_\w+)` \|", page, re.MULTILINE)
    counted = {name for name in exposed() if not name.endswith(PARTS)}
    assert set(rows) == counted
