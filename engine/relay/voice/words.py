"""What customers are told when a recording cannot be sent."""

from __future__ import annotations

from engine.relay.errors import Refused
from engine.speech.errors import (
    BadUpload,
    Busy,
    NotAudio,
    Silent,
    SpeechError,
    TooBig,
    TooLong,
    TooShort,
    TooSlow,
)

#: With the HTTP status; the first that fits, so the general ones come last.
_WORDS: tuple[tuple[type[SpeechError], int, str], ...] = (
    (TooShort, 400, "说话时间太短"),
    (TooLong, 400, "语音不能超过 60 秒"),
    (TooBig, 413, "语音文件太大，不能超过 10 MB"),
    (Silent, 400, "没有听到声音，请检查麦克风"),
    (NotAudio, 415, "这个文件不是语音"),
    (TooSlow, 500, "现在太忙，请再发一次"),
    (BadUpload, 400, "这段语音已损坏，放不出来"),
    # Pages try again by themselves when they are told 503.
    (Busy, 503, "现在语音太多，请稍后再发"),
    (SpeechError, 500, "语音暂时发不了，请打字"),
)


def refusal(error: SpeechError) -> Refused:
    """The refusal that says why."""
    return next(
        Refused(words, status=code) for kind, code, words in _WORDS if isinstance(error, kind)
    )
