"""Coverage for people: a table for the terminal, and a page with the files and what was reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import jinja2

from engine.replay.coverage import SECTIONS, Coverage, Item

_PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Coverage of the transcripts</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem;
  color: #1c1c1c; background: #fff; }
table.sums td, table.sums th { padding: .2rem .8rem; text-align: right; }
table.sums td:first-child, table.sums th:first-child { text-align: left; }
table.file { border-collapse: collapse; width: 100%; font: 13px/1.5 ui-monospace, monospace; }
table.file td { padding: 0 .5rem; vertical-align: top; white-space: pre-wrap; }
table.file td:not(:last-child) { color: #666; text-align: right; user-select: none; }
.hit { background: #e7f5e7; } .miss { background: #fbe0e0; }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #161616; }
  .hit { background: #17301a; } .miss { background: #4a1d1d; }
}
</style>
<h1>Coverage of the transcripts</h1>
<table class="sums">
<tr><th>of</th><th>reached</th><th>there are</th><th>share</th></tr>
{% for name, reached, all, share in sums %}
<tr><td>{{ name }}</td><td>{{ reached }}</td><td>{{ all }}</td><td>{{ share }}</td></tr>
{% endfor %}
</table>
{% if missed %}
<h2>Not reached</h2>
<ul>
{% for item in missed %}
<li><a href="#{{ item.place }}">{{ item.place }}</a> {{ item.section }}: {{ item.name }}</li>
{% endfor %}
</ul>
{% endif %}
{% for file, lines in files %}
<h2>{{ file }}</h2>
<table class="file">
{% for number, hits, kind, place, text in lines %}
<tr{% if kind %} class="{{ kind }}" id="{{ place }}"{% endif %}>
<td>{{ number }}</td><td>{{ hits }}</td><td>{{ text }}</td></tr>
{% endfor %}
</table>
{% endfor %}
</html>
"""

Sum = tuple[str, int, int, str]
_Line = tuple[int, str, str, str, str]


def sums(coverage: Coverage) -> Iterator[Sum]:
    """For every section: its name, how much was reached, how much there is, the share."""
    for name in SECTIONS:
        items = coverage.section(name)
        reached = sum(bool(item.hits) for item in items)
        yield name, reached, len(items), f"{coverage.share(name):.1%}"


def lines(coverage: Coverage) -> Iterator[str]:
    """The table for the terminal, and a line for everything that was not reached."""
    yield f"{'coverage':<12}{'reached':>8}{'of':>6}{'share':>9}"
    for name, reached, there, share in sums(coverage):
        yield f"{name:<12}{reached:>8}{there:>6}{share:>9}"
    yield from (f"{i.place}: {i.section}: {i.name} was not reached" for i in coverage.missed)


def page(coverage: Coverage) -> str:
    """An HTML page that stands alone: the table, what was not reached, and every file by line."""
    by_file: dict[Path, dict[int, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for item in coverage.items:
        by_file[item.file][item.line].append(item)
    environment = jinja2.Environment(autoescape=True, trim_blocks=True)
    files = [(str(file), list(_file(file, items))) for file, items in sorted(by_file.items())]
    names = {"sums": list(sums(coverage)), "missed": coverage.missed, "files": files}
    return environment.from_string(_PAGE).render(names)


def _file(file: Path, items: dict[int, list[Item]]) -> Iterator[_Line]:
    """The lines of a file: number, how often it was reached, hit or miss, place, text."""
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        found = items.get(number, [])
        kind = ("hit" if all(item.hits for item in found) else "miss") if found else ""
        place = found[0].place if found else ""
        yield number, "/".join(str(item.hits) for item in found), kind, place, text
