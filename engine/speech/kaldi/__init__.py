"""The files that Kaldi's decoder reads, written and read without Kaldi: numpy and struct suffice.

Nothing here knows Mandarin, words or training. The formats are those of Kaldi's own ``Read`` and
``Write`` functions (binary, little-endian) and of OpenFst 1.8, as Vosk 0.3.45 brings them.
"""
