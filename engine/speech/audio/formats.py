"""Which format an upload has, told by its first bytes and never by its name or declared type."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Container:
    """A format by the bytes it begins with.

    ``demuxer`` is FFmpeg's name of the only reader that gets to see the upload. A container of
    ``several`` codecs is called after both: ``ogg-opus``.
    """

    name: str
    magic: re.Pattern[bytes]
    demuxer: str
    several: bool = False

    def called(self, codec: str) -> str:
        return f"{self.name}-{codec}" if self.several else self.name


def _begins(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


#: RFC 4867 for AMR, ISO 11172-3 and 13818-7 for the sync words of MP3 and AAC (their layer bits
#: differ), and each container's own signature.
CONTAINERS = (
    Container("amr-nb", _begins(rb"#!AMR\n"), "amr"),
    Container("amr-wb", _begins(rb"#!AMR-WB\n"), "amr"),
    Container("ogg", _begins(rb"OggS"), "ogg", several=True),
    Container("webm", _begins(rb"\x1aE\xdf\xa3"), "matroska", several=True),
    Container("wav", _begins(rb"RIFF....WAVE"), "wav"),
    Container("flac", _begins(rb"fLaC"), "flac"),
    Container("m4a", _begins(rb"....ftyp"), "mov"),
    Container("aac", _begins(rb"\xff[\xf0\xf1\xf8\xf9]"), "aac"),
    Container("mp3", _begins(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"), "mp3"),
)

#: Known, so that a log can name it, and not heard: its only decoders are under the GPL.
UNHEARD = {"silk": _begins(rb"\x02?#!SILK_V3")}

#: FFmpeg's names of the decoders that may run at all.
CODECS = frozenset(
    {"amrnb", "amrwb", "speex", "opus", "flac", "mp3", "mp3float", "aac"}
    | {"pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_alaw", "pcm_mulaw"}
)


def container_of(upload: bytes) -> Container | None:
    """The container that an upload begins like."""
    return next((each for each in CONTAINERS if each.magic.match(upload)), None)


def unheard(upload: bytes) -> str:
    """The name of a format that is known but not heard, or nothing."""
    return next((name for name, magic in UNHEARD.items() if magic.match(upload)), "")
