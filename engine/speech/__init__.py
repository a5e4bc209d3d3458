"""Hearing: a voice message becomes sound, and sound becomes words.

Import from the modules; this file stays empty because the decoding processes load it as well, and
must stay small.
"""
