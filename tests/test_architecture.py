"""The floors of docs/architecture.md, held against every import of the program."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: A room may use the rooms on floors below its own, and nothing else.
FLOORS = {
    "server": 7,
    "engine.cli": 7,
    "engine.web": 6,
    "engine.relay": 6,
    "engine.replay": 6,
    "engine.bench": 6,
    "engine.fetch": 6,
    "engine.doctor": 6,
    "engine.channels": 5,
    "engine.desk": 5,
    "engine.wiring": 5,
    "engine.turn": 4,
    "engine.dialog": 3,
    "engine.business": 2,
    "engine.nlu": 1,
    "engine.speech": 1,
    "engine.pictures": 1,
    "engine.store": 1,
    "engine.settings": 1,
    "engine.logs": 1,
    "engine.limits": 1,
    "engine.meters": 1,
    "engine.message": 1,
    "engine.finding": 1,
    "engine.assets": 1,
    "engine": 1,
    "engine.speech.audio": 0,
}

#: They put the rooms of their own floor together.
BUILDERS = {"server", "engine.wiring", "engine.loaded"}

#: A module that lies beside the room it is a part of.
PARTS = {
    "engine.acting": "engine.turn",
    "engine.hearing": "engine.turn",
    "engine.keeping": "engine.turn",
    "engine.late": "engine.turn",
    "engine.leaving": "engine.turn",
    "engine.reporting": "engine.turn",
    "engine.scheduler": "engine.turn",
    "engine.loaded": "engine.wiring",
    "engine.mind": "engine.turn",
    "engine.recording": "engine.turn",
    "engine.traces": "engine.turn",
    "engine.speech.errors": "engine.speech.audio",
}

#: Used by every room, whatever its floor.
COMMON = {"engine", "engine.message", "engine.finding", "engine.assets", "engine.settings"}

#: Rooms below that a room must not know all the same: its "must not know" in the table.
BLIND = {
    "engine.channels": {"engine.dialog"},
    "engine.relay": {
        "engine.turn",
        "engine.dialog",
        "engine.business",
        "engine.nlu",
        "engine.speech",
        "engine.store",
        "engine.wiring",
    },
}

#: The rooms within the dialog: each uses those before it. What lies beside them puts them together.
DIALOG = (
    "wording",
    "scripts",
    "state",
    "reading",
    "choices",
    "task",
    "moment",
    "acts",
    "judging",
    "rules",
    "checking",
)

#: The rooms that talk over a network, and what only they may load.
OUTSIDE = {
    "server",
    "engine.cli",
    "engine.web",
    "engine.relay",
    "engine.replay",
    "engine.bench",
    "engine.fetch",
    "engine.channels",
}
NETWORK = {"sanic", "aiohttp", "httpx", "requests", "xml", "defusedxml"}

#: What a process that serves must not load: it costs seconds, or it belongs to an outside room.
HEAVY = {"sanic", "aiohttp", "defusedxml", "sklearn", "scipy"}


@dataclass(frozen=True, slots=True)
class Import:
    """One module names another, at a line, be it for its annotations only."""

    module: str
    target: str
    where: str


def files() -> Iterator[Path]:
    yield from sorted(ROOT.glob("engine/**/*.py"))
    yield from ROOT.glob("server.py")


def name_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(file): file for file in files() if "migrations" not in file.parts}


def room_of(module: str) -> str:
    """The row of FLOORS that a module of ours belongs to."""
    module = PARTS.get(module, module)
    parts = module.split(".")
    names = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    room = next((name for name in names if name in FLOORS), module)
    # `engine` stands for the package itself only: a new module in it has to be given a floor.
    return module if room == "engine" else room


def targets(node: ast.stmt, module: str) -> Iterator[str]:
    """The full names that an import statement loads."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        source = node.module or ""
        if node.level:
            package = module if MODULES[module].stem == "__init__" else module.rpartition(".")[0]
            parts = package.split(".")
            source = ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [source])])
        for alias in node.names:
            inner = f"{source}.{alias.name}"
            yield inner if inner in MODULES else source


def imports() -> Iterator[Import]:
    for module, file in MODULES.items():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                where = f"{file.relative_to(ROOT)}:{node.lineno}"
                for target in targets(node, module):
                    yield Import(module, target, where)


IMPORTS = list(imports())
WITHIN = [each for each in IMPORTS if each.target in MODULES]


def test_every_module_stands_on_a_floor() -> None:
    assert {module for module in MODULES if room_of(module) not in FLOORS} == set()


def test_the_page_shows_every_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    shown = [name.replace(".", "/") for name in (*FLOORS, *PARTS) if name != "engine"]
    assert [room for room in shown if f"`{room}" not in page] == []


def test_nothing_points_up_or_sideways() -> None:
    wrong = [
        f"{each.where}: {each.module} uses {each.target}"
        for each in WITHIN
        if (mine := room_of(each.module)) != (other := room_of(each.target))
        and other not in COMMON
        and FLOORS[other] >= FLOORS[mine] + (mine in BUILDERS)
    ]
    assert wrong == []


def test_each_room_of_the_dialog_uses_only_those_before_it() -> None:
    def floor(module: str) -> int:
        _, _, room, *_ = [*module.split("."), "", ""]
        return DIALOG.index(room) if room in DIALOG else len(DIALOG)

    wrong = [
        f"{each.where}: {each.module} uses {each.target}"
        for each in WITHIN
        if each.module.startswith("engine.dialog.")
        and each.target.startswith("engine.dialog.")
        and each.target != "engine.dialog.errors"
        and floor(each.target) > floor(each.module)
    ]
    assert wrong == []


def test_rooms_do_not_know_what_the_page_keeps_from_them() -> None:
    wrong = [
        f"{each.where}: {each.module} knows {each.target}"
        for each in WITHIN
        if room_of(each.target) in BLIND.get(room_of(each.module), ())
    ]
    assert wrong == []


def test_only_the_outer_rooms_know_a_network_or_xml() -> None:
    wrong = [
        f"{each.where}: {each.module} uses {each.target}"
        for each in IMPORTS
        if each.target.split(".")[0] in NETWORK and room_of(each.module) not in OUTSIDE
    ]
    assert wrong == []


def test_no_modules_need_each_other() -> None:
    graph: dict[str, set[str]] = {module: set() for module in MODULES}
    for each in WITHIN:
        if each.module != each.target:
            graph[each.module].add(each.target)
    # Raises CycleError with the circle in it.
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


def test_the_parts_of_a_turn_load_neither_a_web_framework_nor_the_training() -> None:
    parts = [
        module
        for module in MODULES
        if FLOORS[room_of(module)] <= FLOORS["engine.turn"] and ".training" not in module
    ]
    assert "engine.nlu.parse" in parts
    program = (
        "import importlib, sys\n"
        f"for module in {parts!r}: importlib.import_module(module)\n"
        f"print(*sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import xml.etree", ["xml.etree"]),
        ("from engine import assets", ["engine.assets"]),
        ("from engine.message import Reply", ["engine.message"]),
        ("from . import errors", ["engine.store.errors"]),
        ("from ..message import Reply", ["engine.message"]),
        ("def f():\n    from engine.store import Store", ["engine.store"]),
    ],
)
def test_an_import_is_seen_however_it_is_written(source: str, expected: list[str]) -> None:
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    assert [name for node in nodes for name in targets(node, "engine.store.inbox")] == expected
