"""The airlines' two-letter codes and names, from `data/lexicons/airlines.tsv`."""

from __future__ import annotations

from functools import cache

from engine import assets
from engine.nlu.grammar.fold import fold


@cache
def airline_names() -> dict[str, str]:
    """Folded name, alias or code → IATA code."""
    lines = (assets.data() / "lexicons" / "airlines.tsv").read_text("utf-8").splitlines()[1:]
    names: dict[str, str] = {}
    for code, name, aliases in (line.split("\t") for line in lines):
        names.update({fold(each): code for each in (code, name, *aliases.split("|")) if each})
    # 国行 sounds as 国航 does, and is typed for it.
    return {
        name.replace("航", "行"): code for name, code in names.items() if name[-1] == "航"
    } | names


@cache
def airline_codes() -> frozenset[str]:
    """Every IATA code in the table."""
    return frozenset(airline_names().values())
