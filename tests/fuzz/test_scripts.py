"""Scripts that are none: problems with file and line, and nothing else."""

from __future__ import annotations

from pathlib import Path

from engine import assets
from engine.dialog.errors import ScriptError
from engine.dialog.scripts.script import Script
from engine.dialog.scripts.validating import validated
from engine.dialog.scripts.yaml_lines import Document
from tests.fuzz.mutating import mutated, no_hang

WORDS = [
    *(
        b": ",
        b"\n  - ",
        b"&a [*a,*a]",
        b"<<: *a",
        b"!!python/object:os.system",
        b"{{ 1 }}",
        b"{% for",
    ),
    *(b"\t", b"|\n", b">-\n", b"? ", b"null", b"[]", b"{}", b"slots:", b"type: number", b"'", b'"'),
    *(b"{{ range(10**9)|list }}", b"ask: {", b"2026-99-99", b"1:60:60", b"\xe2\x80\xa8", b"---\n"),
]


def test_a_script_is_read_or_refused(tmp_path: Path) -> None:
    seeds = [(assets.dialogs() / f"{name}.yaml").read_bytes() for name in ("topup", "query_flight")]
    script = tmp_path / "fuzzed.yaml"
    for data in mutated("scripts", seeds, WORDS):
        script.write_bytes(data)
        with no_hang(data):
            try:
                validated(Document.read(script), Script)
            except ScriptError:
                continue
