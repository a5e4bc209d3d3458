"""`banli train`, `banli evaluate`, `banli parse`: the understanding of utterances."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine import assets

if TYPE_CHECKING:
    from engine.nlu.interpreter import Interpreter
    from engine.nlu.model import Card
    from engine.nlu.recognizer import Recognizer
    from engine.nlu.training.train import Trained

Files = Annotated[list[Path] | None, typer.Argument(help="Files or folders of phrases.")]
Now = Annotated[str, typer.Option(help="The time that relative dates count from, ISO.")]
Lexicons = Annotated[Path | None, typer.Option(help="Folder of lexicon tables.")]


def _acts() -> tuple[Path, ...]:
    """Phrases that every provider needs: the dialog acts, and what is no business at all."""
    phrases = assets.data() / "nlu"
    return phrases / "acts", phrases / "out_of_scope.yml"


def train(
    files: Files = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the model.")] = None,
    dev: Annotated[Path | None, typer.Option(help="Phrases to evaluate the model on.")] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same model.")] = 0,
    lexicons: Lexicons = None,
    with_acts: Annotated[
        bool,
        typer.Option("--with-acts", help="Add the program's phrases of yes, no, 返回 …"),
    ] = False,
    tries: Annotated[
        bool, typer.Option("--try", help="Say what would change, and keep the model.")
    ] = False,
    pictures: Annotated[
        Path | None, typer.Option(help="Folder for PNGs of confusions and calibration.")
    ] = None,
) -> None:
    """Train intents and slots, and say what changes before the model is replaced.

    Without FILES: the program's phrases, and those that the desk has written.
    """
    from engine.nlu import model
    from engine.nlu.recognizer import Recognizer

    recognizer = Recognizer(_lexicons(lexicons))
    folder = _model(out)
    phrases = [*(files or _phrases()), *(_acts() if with_acts else ())]
    trained = _trained(phrases, recognizer, seed)
    lines = [*_report(trained, pictures), *_compared(trained, recognizer, folder, dev)]
    for line in lines:
        typer.echo(line)
    if tries:
        typer.echo(f"the model in {folder} is as it was", err=True)
        return
    model.save(trained.model, trained.card, folder)
    typer.echo(f"model in {folder}", err=True)


def _trained(phrases: list[Path], recognizer: Recognizer, seed: int) -> Trained:
    from engine.nlu.features import Settings
    from engine.nlu.training.train import Order, train

    order = Order(
        phrases,
        settings=Settings(),
        seed=seed,
        command=shlex.join(["banli", *sys.argv[1:]]),
        now=datetime.now(UTC),
    )
    return train(order, recognizer=recognizer, progress=lambda step: typer.echo(step, err=True))


def _report(trained: Trained, pictures: Path | None) -> Iterator[str]:
    """What cross-validation says, and what to look at again; pictures of it where wanted."""
    from engine.nlu.training import charts, doubts, report

    yield from report.table(trained.scored, trained.model.classifier.intents)
    yield from report.summary(trained.card.figures, trained.card.confusions)
    yield from doubts.lines(trained.doubts)
    yield f"{'train_cpu_s':<24} {time.process_time():.1f}"
    if pictures:
        try:
            charts.save(trained.scored, trained.model.classifier, pictures)
        except OSError as error:
            message = f"no pictures in {pictures}: {error.strerror}"
            raise typer.BadParameter(message, param_hint="--pictures") from error


def _phrases() -> list[Path]:
    """What is learned by default: the program's phrases, and what people at the desk have said."""
    from engine.settings import load_settings

    taught = load_settings().desk_phrases
    own = [assets.data() / "nlu", assets.data() / "faq"]
    return [*own, *([taught] if taught.is_file() else [])]


def _compared(
    trained: Trained, recognizer: Recognizer, folder: Path, dev: Path | None
) -> Iterator[str]:
    """What the model makes of ``dev``, and what is otherwise than with the one in the folder."""
    from engine.nlu.interpreter import Interpreter
    from engine.nlu.training import evaluate as evaluation
    from engine.nlu.training import report

    interpreter = Interpreter(trained.model, recognizer)
    if dev:
        found = evaluation.evaluate(interpreter, [dev], now=datetime.now(UTC))
        yield f"on {dev}:"
        yield from report.summary(found.figures, found.confusions)
    yield from _changes(folder, trained.card, interpreter, dev)


def _changes(folder: Path, card: Card, interpreter: Interpreter, dev: Path | None) -> Iterator[str]:
    """What is otherwise than with the model in the folder; nothing where there is none."""
    from engine.nlu import model
    from engine.nlu.errors import ModelError
    from engine.nlu.interpreter import Interpreter
    from engine.nlu.training import comparing

    try:
        before, figures = model.load(folder), model.load_card(folder).figures
    except ModelError:
        return
    yield from comparing.figures(figures, card.figures)
    if dev:
        then = Interpreter(before, interpreter.recognizer)
        yield from comparing.phrases(then, interpreter, [dev], now=datetime.now(UTC))


def evaluate(
    files: Annotated[list[Path], typer.Argument(help="Rows with intents, or with one value each.")],
    model: Annotated[Path | None, typer.Option(help="Folder of the model.")] = None,
    reject: Annotated[Path | None, typer.Option(help="Rows that no intent should take.")] = None,
    now: Now = "",
    lexicons: Lexicons = None,
    json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Measure a model on labelled rows: intents, rejection, exact values, speed."""
    import msgspec

    from engine.nlu.interpreter import Interpreter
    from engine.nlu.training import evaluate as evaluation
    from engine.nlu.training import exact, report

    moment = moment_of(now)
    valued = {file: rows for file in files if (rows := exact.rows_of(file)) is not None}
    named = [file for file in files if file not in valued]
    interpreter = Interpreter.load(_model(model), lexicons=_lexicons(lexicons))
    found = None
    if named:
        foreign = [reject] if reject else []
        found = evaluation.evaluate(interpreter, named, reject=foreign, now=moment)
    counts = exact.count([row for rows in valued.values() for row in rows], interpreter.recognizer)
    if json:
        figures = {**found.figures, "confusions": found.confusions} if found else {}
        whole = figures | ({"entities": counts} if counts else {})
        typer.echo(msgspec.json.encode(whole).decode())
        return
    lines = [*report.summary(found.figures, found.confusions)] if found else []
    for line in lines + list(exact.lines(counts)):
        typer.echo(line)


def parse(
    texts: Annotated[list[str] | None, typer.Argument(help="Utterances; - reads lines.")] = None,
    model: Annotated[Path | None, typer.Option(help="Folder of the model.")] = None,
    now: Now = "",
    lexicons: Lexicons = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON; the only form there is.")] = True,
) -> None:
    """Understand utterances: one JSON object a line; ``slots`` are those of a trained tagger."""
    import msgspec

    from engine.nlu.interpreter import Interpreter

    moment = moment_of(now)
    interpreter = Interpreter.load(_model(model), lexicons=_lexicons(lexicons))
    for given in texts or ["-"]:
        for text in _lines_of_stdin() if given == "-" else [given]:
            # Bytes of the terminal that are no UTF-8 arrive as lone surrogates: JSON has none.
            whole = text.encode("utf-8", "replace").decode()
            parsed = interpreter.parse(whole, now=moment)
            row = msgspec.to_builtins(parsed)
            for name in ("slots", "is_known"):
                if not row[name]:
                    del row[name]
            typer.echo(msgspec.json.encode(row).decode())


def _model(given: Path | None) -> Path:
    return given or assets.models() / "nlu"


def _lexicons(given: Path | None) -> Path:
    return given or assets.data() / "lexicons"


def _lines_of_stdin() -> list[str]:
    return [line.rstrip("\r\n") for line in sys.stdin]


def moment_of(given: str) -> datetime:
    """The time that was given, in China when it names no zone; by default the time it is."""
    from zoneinfo import ZoneInfo

    china = ZoneInfo("Asia/Shanghai")
    if not given:
        return datetime.now(china)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        message = f"{given!r} is not an ISO time like 2026-11-23T10:00"
        raise typer.BadParameter(message, param_hint="--now") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=china)
