"""AMR frames in which nobody speaks: FFmpeg refuses them, phones that save bits send them.

The type of a frame is in the four bits after its first (RFC 4867, 5.3). A silence descriptor has
type 8 in narrow band and 9 in wide band; 14 and 15 are speech that was lost, and nothing at all.
"""

from __future__ import annotations

#: By FFmpeg's decoder: the types without speech, and samples a second.
PAUSES = {"amrnb": frozenset({8, 14, 15}), "amrwb": frozenset({9, 14, 15})}
RATES = {"amrnb": 8000, "amrwb": 16000}


def is_pause(packet: memoryview, codec: str) -> bool:
    """Is this packet a frame without speech, 20 ms long?"""
    return codec in PAUSES and len(packet) > 0 and (packet[0] >> 3) & 15 in PAUSES[codec]
