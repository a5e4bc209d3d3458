"""Listening to a voice message before its turn is decided: fetch, hear, or say why not."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Protocol

import structlog

from engine.dialog.moment.voice import Voice
from engine.message import Inbound
from engine.speech.errors import Damaged, NotAudio, NotFetched, SpeechError
from engine.speech.expected import Expected
from engine.speech.heard import Heard

#: The bytes that the platform keeps under a media id. Raises a `SpeechError`.
Fetch = Callable[[str], Awaitable[bytes]]

#: Troubles in which the recording at 8 kHz may still be heard.
_OTHER_MAY_DO = (NotAudio, Damaged, NotFetched)
#: Seconds for all of it; the platform has given up asking by then.
PATIENCE = 12.0

_WORD = re.compile(r"(?<!^)(?=[A-Z])")

log = structlog.get_logger(__name__)


#: Whether a text holds a value of a kind that is asked for.
Holds = Callable[[str], bool]


class Hears(Protocol):
    """`engine.speech.ears.Ears`, or what stands for them."""

    async def hear(self, upload: bytes, expected: Expected = ...) -> Heard:
        """What is said in an upload. Raises a `SpeechError`."""


async def listen(
    inbound: Inbound,
    expected: Expected,
    *,
    ears: Hears | None,
    fetch: Fetch | None,
    platform: float,
    patience: float = PATIENCE,
) -> Voice:
    """What came of a voice message; never raises for what is wrong with it.

    What the platform itself heard is used only where nothing was heard here, and is taken to be
    right with the chance ``platform``.
    """
    try:
        async with asyncio.timeout(patience):
            voice = await _heard(inbound, expected, ears, fetch)
    except TimeoutError:
        log.warning("hearing took too long", account=inbound.account, limit=patience)
        voice = Voice(trouble="too_slow", facts={"limit": patience})
    hint = inbound.text.strip()
    if voice.heard is None and hint:
        log.info("the platform heard", account=inbound.account, trouble=voice.trouble)
        return Voice(Heard(text=hint, confidence=platform))
    return voice


def answering(heard: Heard, holds: Holds) -> Heard:
    """What was heard, or else what is nearly as likely and holds a value that was asked for.

    It is no surer for that: what was chosen against the sound is read back.
    """
    if holds(heard.text):
        return heard
    return next((other for other in heard.others if holds(other.text)), heard)


async def _heard(
    inbound: Inbound, expected: Expected, ears: Hears | None, fetch: Fetch | None
) -> Voice:
    if ears is None or fetch is None:
        return Voice(trouble="no_ears")
    voice = Voice(trouble="not_fetched")
    for media_id in _recordings(inbound):
        try:
            return Voice(await _hear(media_id, expected, ears, fetch))
        except SpeechError as error:
            log.info("not heard", account=inbound.account, trouble=_name(error), why=str(error))
            voice = Voice(trouble=_name(error), facts=vars(error))
            if not isinstance(error, _OTHER_MAY_DO):
                break
        except Exception:
            log.exception("hearing failed", account=inbound.account)
            return Voice(trouble="failed")
    return voice


def _recordings(inbound: Inbound) -> Iterator[str]:
    """What there is to listen to, the better one first."""
    yield from dict.fromkeys(filter(None, (inbound.media_id_16k, inbound.media_id)))


async def _hear(media_id: str, expected: Expected, ears: Hears, fetch: Fetch) -> Heard:
    began = time.perf_counter()
    upload = await fetch(media_id)
    took = round((time.perf_counter() - began) * 1000)
    log.info("voice fetched", bytes=len(upload), fetch_ms=took)
    return await ears.hear(upload, expected)


def _name(error: SpeechError) -> str:
    """``too_long`` for `TooLong`: how `phrases.yaml` names it."""
    return _WORD.sub("_", type(error).__name__).lower()
