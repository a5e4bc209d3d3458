"""`banli bench nlu`: understanding on any set of phrases, beside baselines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.bench.intents import Figures
    from engine.bench.phrase_sets import PhraseSet

#: Figure → its column and decimals; AUROC and FPR95 need rows to reject.
COLUMNS = {
    "intent_accuracy": ("accuracy", 4),
    "macro_f1": ("macro-F1", 4),
    "slot_f1": ("slot F1", 4),
    "exact_match": ("exact", 4),
    "ece": ("ECE", 4),
    "reject_auroc": ("AUROC", 4),
    "reject_fpr95": ("FPR95", 4),
    "p50_ms": ("p50 ms", 3),
    "train_cpu_s": ("train CPU s", 1),
    "model_mb": ("MB", 1),
}


def nlu(
    folder: Annotated[Path, typer.Argument(help="train with test (or dev), or folders of such.")],
    reject: Annotated[
        list[Path] | None, typer.Option(help="More rows that no intent should take.")
    ] = None,
    rasa: Annotated[Path | None, typer.Option(help="Python of an environment with Rasa 3.")] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same models.")] = 0,
    lexicons: Annotated[Path | None, typer.Option(help="Folder of lexicon tables.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Train and test on sets of phrases: the engine beside majority, words, fastText and Rasa."""
    import msgspec

    from engine import assets
    from engine.bench import rivals
    from engine.bench.intents import measure
    from engine.bench.phrase_sets import sets_in
    from engine.nlu.recognizer import Recognizer

    found: dict[str, dict[str, Figures]] = {}
    sets = sets_in(folder, reject=reject or ())
    recognizer = Recognizer(lexicons or assets.data() / "lexicons")
    for phrases in sets:
        found[phrases.name] = measure(
            phrases,
            recognizer,
            rivals.installed(recognizer.cut, seed=seed),
            _frameworks(rasa, seed),
            seed=seed,
            told=lambda line: typer.echo(line, err=True),
        )
    if json:
        typer.echo(msgspec.json.encode(found).decode())
    else:
        _table(found)


def _frameworks(rasa: Path | None, seed: int) -> dict[str, Callable[[PhraseSet], Figures]]:
    from engine.bench.rivals.rasa import Rasa

    return {"Rasa DIET": Rasa(rasa, seed)} if rasa else {}


def _table(found: dict[str, dict[str, Figures]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("set", "system")
    for title, _ in COLUMNS.values():
        table.add_column(title, justify="right")
    for name, systems in found.items():
        for system, figures in systems.items():
            cells = (
                f"{figures[key]:.{decimals}f}" if key in figures else ""
                for key, (_, decimals) in COLUMNS.items()
            )
            table.add_row(name, system, *cells)
    # As wide as it needs: a table in a file or a pipe must not lose its figures.
    Console(width=max(Console().width, 140)).print(table)
