"""Speex as WeChat sends it: wideband frames and no container, in one of two layouts.

Tencent's header calls the first ``audio/x-speex-with-header-byte; rate=16000``: each frame has its
length before it, in one byte. Tencent's own decoder reads the second: frames of 60 bytes, which is
quality 7, and nothing between them. Neither has a magic number, so the frames themselves have to
prove what they are: the modes in a frame say exactly how many bits it has (RFC 5574 and the
Speex manual, "Speex wideband mode").
"""

from __future__ import annotations

#: Bits of the low band's modes 0–8, with their five bits of header.
LOW_BAND = (5, 43, 119, 160, 220, 300, 364, 492, 79)
#: Bits of the high band's modes 0–4, with their four bits of header.
HIGH_BAND = (4, 36, 112, 192, 352)
#: Bytes of a frame where no length is given.
FIXED = 60
#: Fewer frames, of 20 ms each, are no proof: other data can look like them.
FEWEST = 5
#: More frames than a message of a minute has need no proof: decoding ends before them.
MOST = 3100


def frames_of(upload: bytes) -> list[bytes]:
    """The frames of an upload in either layout; none if it is not Speex."""
    for frames in (_after_lengths(upload), _of_fixed_size(upload)):
        if len(frames) >= FEWEST and all(map(_is_frame, frames[:MOST])):
            return frames
    return []


def _after_lengths(upload: bytes) -> list[bytes]:
    frames = []
    at = 0
    while at < len(upload):
        end = at + 1 + upload[at]
        frames.append(upload[at + 1 : end])
        at = end
    return frames if at == len(upload) else []


def _of_fixed_size(upload: bytes) -> list[bytes]:
    if len(upload) % FIXED:
        return []
    return [upload[at : at + FIXED] for at in range(0, len(upload), FIXED)]


def _is_frame(frame: bytes) -> bool:
    bits = "".join(f"{byte:08b}" for byte in frame)
    low = int(bits[1:5] or "1111", 2)
    if bits[:1] != "0" or low >= len(LOW_BAND):
        return False
    start = LOW_BAND[low]
    high = int(bits[start + 1 : start + 4] or "111", 2)
    if bits[start : start + 1] != "1" or high >= len(HIGH_BAND):
        return False
    return len(frame) == -(-(start + HIGH_BAND[high]) // 8)
