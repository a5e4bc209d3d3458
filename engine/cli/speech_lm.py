"""`banli speech lm`, `banli speech arpa`: the words that can be heard, and which follow which."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine import assets

if TYPE_CHECKING:
    from engine.speech.language.building import Built

Out = Annotated[Path, typer.Option(help="Folder for lexicon.tsv and lm.arpa.gz.")]
Texts = Annotated[list[Path] | None, typer.Option(help="Phrases (YAML) or text, one a line.")]


def lm(
    out: Out,
    text: Texts = None,
    arpa: Annotated[Path | None, typer.Option(help="General model, ARPA or .gz.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder with lexicons/ and speech/.")] = None,
    words: Annotated[int, typer.Option(help="Most words of the lexicon.")] = 30_000,
    own: Annotated[float, typer.Option(help="Share of the own text in the mixture.")] = 0.5,
    megabytes: Annotated[float, typer.Option(help="Most of the graph of n-grams.")] = 8.0,
    test: Annotated[list[Path] | None, typer.Option(help="Texts to measure it on.")] = None,
) -> None:
    """Make a lexicon and a language model of own texts, with a general model if there is one."""
    from engine.cli.speech import needing_torch
    from engine.speech.language.building import Recipe, built
    from engine.speech.language.ngrams import read_arpa, write_arpa
    from engine.speech.lexicon import lexicon

    with needing_torch():
        folder = data or assets.data()
        recipe = Recipe(
            folder,
            tuple(_files(text or [folder / "nlu"])),
            most_words=words,
            own_share=own,
            most_bytes=round(megabytes * 1e6),
        )
        done = built(recipe, read_arpa(arpa) if arpa else None, progress=_progress)
        out.mkdir(parents=True, exist_ok=True)
        lexicon.write(done.lexicon, out / "lexicon.tsv")
        write_arpa(done.model, out / "lm.arpa.gz")
        for path in _files(test or []):
            typer.echo(_measured(path, done))
    typer.echo(f"lexicon.tsv and lm.arpa.gz in {out}", err=True)


def arpa(
    dump: Annotated[Path, typer.Argument(help="Output of tslminfo -v.")],
    out: Annotated[Path, typer.Option(help="ARPA file, .gz to compress it.")],
    words: Annotated[Path, typer.Option(help="pydict_sc.bin of sunpinyin-data.")] = Path(
        "/usr/lib/x86_64-linux-gnu/sunpinyin/data/pydict_sc.bin"
    ),
) -> None:
    """Turn the model of sunpinyin's open-gram, as `tslminfo -v` prints it, into ARPA."""
    from engine.cli.speech import needing_torch
    from engine.speech.language import sunpinyin
    from engine.speech.language.ngrams import write_arpa

    with needing_torch():
        model = sunpinyin.read(dump, sunpinyin.words_of(words))
        write_arpa(model, out)
    typer.echo(f"{[len(table) for table in model.orders]} n-grams in {out}", err=True)


def _progress(line: str) -> None:
    typer.echo(line, err=True)


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("*.yml")) if path.is_dir() else [path]


def _measured(path: Path, done: Built) -> str:
    from engine.speech.language.perplexity import foreseen
    from engine.speech.language.phrases import phrases_in
    from engine.speech.language.segment import Segmenter
    from engine.speech.spoken import spoken

    segmenter = Segmenter.of(list(done.lexicon), done.model)
    found = foreseen(done.model, segmenter, map(spoken, phrases_in(path)))
    return (
        f"{path}: perplexity {found.by_word:.0f} a word, {found.by_character:.1f} a character "
        f"({found.sentences} sentences, {found.unwritable} with other words)"
    )
