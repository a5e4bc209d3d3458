"""Bytes of a voice message → 16 kHz mono PCM, in processes that may be killed.

`decoder.Decoder` is what others use. `worker` runs in a process of its own, alone with the upload:
only there, `decoding` hands foreign bytes to FFmpeg.
"""
