"""`banli transcribe`: recordings to text."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.speech_model import model_folder

if TYPE_CHECKING:
    from engine.speech.audio.decoder import Decoder
    from engine.speech.audio.sound import Sound
    from engine.speech.expected import Expected
    from engine.speech.heard import Heard
    from engine.speech.recognizer import Recognizer

#: Nobody waits at the other end of a chat here.
_PATIENCE = 120.0
_STDIN = Path("-")


def transcribe(
    files: Annotated[list[Path], typer.Argument(help="Recordings; - reads one from the input.")],
    model: Annotated[
        Path | None, typer.Option(help="Folder of a Vosk model, or the name of a fetched one.")
    ] = None,
    words: Annotated[
        Path | None, typer.Option(help="What may be said, a phrase a line, in UTF-8.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="What may be said: phone, money, date, yes_no, …")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object a file, with times and alternatives.")
    ] = False,
) -> None:
    """Say what is said in recordings: AMR, Speex, Opus, MP3, M4A, WAV, FLAC."""

    expected = _expected(words, kind or [])
    failed = asyncio.run(_transcribe(files, model_folder(model), expected, as_json=json))
    raise typer.Exit(1 if failed else 0)


async def _transcribe(files: list[Path], model: Path, expected: Expected, *, as_json: bool) -> int:
    """Write a line for each file; how many could not be heard."""
    from engine.speech.audio.decoder import Decoder
    from engine.speech.errors import SpeechError
    from engine.speech.recognizer import Recognizer

    failed = 0
    async with Recognizer.load(model, workers=1) as recognizer, Decoder() as decoder:
        for file in files:
            try:
                sound, heard = await _hear(file, decoder, recognizer, expected)
            except (SpeechError, OSError) as error:
                failed += 1
                reason = error.strerror if isinstance(error, OSError) else error
                typer.echo(f"banli transcribe: {file}: {reason or error}", err=True)
                continue
            if as_json:
                typer.echo(_json(file, sound, heard))
            else:
                # One recording is asked about for its words alone.
                typer.echo(heard.text if len(files) == 1 else f"{file}: {heard.text}")
    return failed


async def _hear(
    file: Path, decoder: Decoder, recognizer: Recognizer, expected: Expected
) -> tuple[Sound, Heard]:
    read = sys.stdin.buffer.read if file == _STDIN else file.read_bytes
    sound = await decoder.decode(await asyncio.to_thread(read))
    return sound, await recognizer.hear(sound, expected, patience=_PATIENCE)


def _json(file: Path, sound: Sound, heard: Heard) -> str:
    import msgspec

    row = {"file": str(file), "format": sound.format, "seconds": round(sound.seconds, 3)}
    row |= msgspec.structs.asdict(heard)
    # Their texts are among the alternatives.
    del row["others"]
    return msgspec.json.encode(row).decode()


def _expected(words: Path | None, kinds: list[str]) -> Expected:
    """What the options say that may be heard; with none, anything."""
    from engine.speech.context import kinds as table
    from engine.speech.expected import Expected

    known = {*table.kinds()}
    if unknown := [name for name in kinds if name not in known]:
        message = f"{unknown[0]!r} is none of {', '.join(sorted(known))}"
        raise typer.BadParameter(message, param_hint="--kind")
    return Expected(frozenset(kinds), tuple(_phrases(words)) if words else ())


def _phrases(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{file}: {error}", param_hint="--words") from None
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
