"""Speak the rows of a manifest with Kokoro-82M: `python make.py KOKORO [MANIFEST [OUT]]`.

KOKORO is a folder with `kokoro.int8.onnx`, `vocab.json` and `package/voices/NAME.bin` (see the
README beside this file). Needs onnxruntime, misaki[zh], pypinyin, jieba, soxr and av. The ending
of a file's name decides how it is encoded. Files that exist already are left alone.
"""

from __future__ import annotations

import csv
import itertools
import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import jieba
import numpy as np
import onnxruntime
import soxr
from misaki.zh import ZHG2P
from pypinyin import Style, lazy_pinyin

HERE = Path(__file__).resolve().parent
SPOKEN_RATE = 24_000
HEARD_RATE = 16_000
PEAK = 0.9
WORD = "_"
PAUSE = ","

#: How Mandarin speakers say Latin letters, in syllables with a tone.
LETTERS = {
    **dict(zip("ABCDEF", ("ei1", "bi4", "xi1", "di4", "yi4", "ai2_fu5"), strict=True)),
    **dict(zip("GHIJKL", ("ji4", "ai2_qu5", "ai4", "zhei4", "kei4", "ai2_lou5"), strict=True)),
    **dict(zip("MNOPQR", ("ai2_mu5", "en1", "ou1", "pi4", "kiu1", "a1_er2"), strict=True)),
    **dict(zip("STUVW", ("ai2_si5", "ti4", "you1", "wei1", "da2_bu5_liu5"), strict=True)),
    **dict(zip("XYZ", ("ai2_ke4_si5", "wai4", "zei4"), strict=True)),
}

DIGITS = "零幺一二三四五六七八九"
MARKS = "，、。？！"
#: A letter, a mark, a string of digits, or what lies between them.
PIECES = re.compile(
    f"[A-Z]|[{MARKS}]|[{DIGITS}]{{2,}}|[^A-Z{MARKS}]+?(?=[{DIGITS}]{{2,}}|[A-Z{MARKS}]|$)"
)

#: What pypinyin takes for another word, or for another reading of it.
READINGS = {
    "幺": "yao1",
    "重庆": "chong2_qing4",
    "长沙": "chang2_sha1",
    "厦门": "xia4_men2",
    "靠窗": "kao4_chuang1",
    "中转": "zhong1_zhuan3",
    "转人工": "zhuan3_ren2_gong1",
    "一路": "yi2_lu4",
    "第一": "di4_yi1",
    "第一个": "di4_yi1_ge4",
    "第一张": "di4_yi1_zhang1",
    "一月": "yi1_yue4",
    "都": "dou1",
    "还": "hai2",
    "还要": "hai2_yao4",
    "单": "dan1",
    "行": "xing2",
    "不行": "bu4_xing2",
    "行程": "xing2_cheng2",
    "航班号": "hang2_ban1_hao4",
    "排": "pai2",
    "乐山": "le4_shan1",
    "了": "le5",
    "得": "de5",
    "的": "de5",
    "地": "de5",
    "一": "yi1",
}

#: Formats by the ending of a file's name: container, codec, sample rate and bit rate.
FORMATS = {
    "amr": ("amr", "libopencore_amrnb", 8_000, 12_200),
    "ogg": ("ogg", "libopus", 16_000, 20_000),
    "webm": ("webm", "libopus", 48_000, 24_000),
    "mp3": ("mp3", "libmp3lame", 16_000, 24_000),
    "m4a": ("ipod", "aac", 16_000, 24_000),
    "wav": ("wav", "pcm_s16le", 16_000, None),
}


def pinyin(text: str) -> str:
    """Syllables with tones: `_` inside a word, a space between words, `,` for a pause.

    >>> pinyin("给幺三九，充值")
    'gei3 yao1_san1_jiu3 , chong1_zhi2'
    """
    pieces = PIECES.findall(text)
    return " ".join(word for piece in pieces for word in _words(piece)).removesuffix(f" {PAUSE}")


def _words(piece: str) -> Iterator[str]:
    if piece in LETTERS:
        yield LETTERS[piece]
    elif piece in MARKS:
        yield PAUSE
    elif set(piece) <= set(DIGITS):
        # Spoken in groups of three or four, like a phone number without pauses.
        first = 3 if len(piece) == 11 else len(piece) % 4 or 4
        ends = [0, *range(first, len(piece) + 1, 4)]
        for start, end in itertools.pairwise(ends):
            yield WORD.join(_read(digit) for digit in piece[start:end])
    else:
        for word in jieba.cut(piece, HMM=False):
            yield _read(word)


def _read(word: str) -> str:
    if word in READINGS:
        return READINGS[word]
    return WORD.join(
        lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, tone_sandhi=len(word) > 1)
    )


class Speaker:
    """Kokoro with its voices."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._folder = folder
        self._vocabulary = json.loads((folder / "vocab.json").read_text())["vocab"]
        self._session = onnxruntime.InferenceSession(folder / "kokoro.int8.onnx", options)

    def say(self, text: str, voice: str, speed: float) -> np.ndarray:
        """A text as samples of 16 kHz between −1 and 1; `a*0.4+b*0.6` is a blend of voices."""
        tokens = [self._vocabulary[sign] for sign in _ipa(pinyin(text)) if sign in self._vocabulary]
        style = self._voice(voice)
        given = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": style[min(len(tokens), len(style)) - 1].reshape(1, 256).astype(np.float32),
            "speed": np.array([speed], dtype=np.float32),
        }
        samples = soxr.resample(self._session.run(None, given)[0].ravel(), SPOKEN_RATE, HEARD_RATE)
        return samples * min(1.0, PEAK / np.abs(samples).max())

    def _voice(self, voice: str) -> np.ndarray:
        parts = (part.partition("*") for part in voice.split("+"))
        return sum(float(weight or 1) * self._vectors(name) for name, _, weight in parts)

    def _vectors(self, name: str) -> np.ndarray:
        file = self._folder / "package" / "voices" / f"{name}.bin"
        return np.fromfile(file, dtype=np.float32).reshape(-1, 256)


def _ipa(syllables: str) -> str:
    said = ""
    for word in syllables.split():
        if word == PAUSE:
            said = said.rstrip() + ", "
        else:
            said += "".join(ZHG2P.py2ipa(each) for each in word.split(WORD)) + " "
    # The mark below a consonant that makes a syllable of its own is none of Kokoro's signs.
    return said.replace(chr(815), "").strip()


def encode(samples: np.ndarray, file: Path) -> None:
    """Write samples of 16 kHz between −1 and 1 into a file of the format that its name says."""
    container, codec, rate, bit_rate = FORMATS[file.suffix[1:]]
    whole = (soxr.resample(samples, HEARD_RATE, rate) * 32767).clip(-32768, 32767)
    frame = av.AudioFrame.from_ndarray(
        whole.astype(np.int16).reshape(1, -1), format="s16", layout="mono"
    )
    frame.sample_rate = rate
    frame.pts = 0
    with av.open(str(file), "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout="mono")
        if bit_rate:
            stream.bit_rate = bit_rate
        for packet in [*_packets(stream, frame), *stream.encode(None)]:
            out.mux(packet)


def _packets(stream: av.AudioStream, frame: av.AudioFrame) -> Iterator[av.Packet]:
    resampler = av.AudioResampler(stream.format, stream.layout, stream.rate)
    fifo = av.AudioFifo()
    for each in resampler.resample(frame):
        fifo.write(each)
    stream.codec_context.open()
    size = stream.frame_size or 1024
    while (part := fifo.read(size) or fifo.read(0, partial=True)) is not None:
        yield from stream.encode(part)


def main() -> None:
    """Speak every row of the manifest whose file is missing."""
    kokoro = Path(sys.argv[1])
    manifest = Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "manifest.tsv"
    out = Path(sys.argv[3]) if len(sys.argv) > 3 else manifest.parent
    jieba.setLogLevel(logging.WARNING)
    for word in READINGS:
        jieba.add_word(word)
    speaker = Speaker(kokoro)
    with manifest.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        file = out / row["file"]
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            samples = speaker.say(row["text"], row["voice"], float(row["speed"]))
            unfinished = file.with_name(f"unfinished.{file.name}")
            encode(samples, unfinished)
            os.replace(unfinished, file)
            print(file, pinyin(row["text"]), flush=True)


if __name__ == "__main__":
    main()
