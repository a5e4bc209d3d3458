"""Which words can be heard: those of the lexicons, of our own phrases, and the most frequent."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from engine.speech.language.ngrams import NGrams
from engine.speech.language.segment import Segmenter
from engine.speech.spoken import tables

_HAN = re.compile(r"[\u4e00-\u9fff]+")
#: Numbers are heard sign by sign: 三十二 as one word would compete with 三 十 二.
NUMERALS = "零〇一二三四五六七八九十百千万亿两幺点"
_NUMBER = re.compile(f"[{NUMERALS}]{{2,}}")
_WHOLE_NUMBERS = {"万一", "千万", "万万", "亿万", "一点点", "一一", "点点"}
#: log10 p of the rarest single character of a general model that is still a word: names need it.
_RAREST_CHARACTER = -7.0
#: −log10 p of a character that no dictionary has: dearer than any two words.
_UNKNOWN = 20.0
#: Beyond these lengths open-gram's words are titles and slogans.
_LONGEST_GENERAL = 4


def chosen(data: Path, texts: Iterable[str], general: NGrams | None, most: int) -> list[str]:
    """All words of the data folder and of the texts, filled up to ``most`` from a general model."""
    words = dict.fromkeys([*tables.letters(), *NUMERALS, *named(data), *listed(data / "speech")])
    words |= dict.fromkeys([*listed(data / "lexicons"), *used(texts), *tables.words()])
    words |= dict.fromkeys(character for word in list(words) for character in _han(word))
    own = [word for word in words if is_word(word)]
    own += characters(general)
    return list(dict.fromkeys(own + frequent(general, most)))[: max(most, len(set(own)))]


def is_word(text: str) -> bool:
    """Whether a text may stand in the lexicon as one word."""
    if text.isascii():
        return text.isalpha()
    number = _NUMBER.fullmatch(text) and text not in _WHOLE_NUMBERS
    return _is_simplified(text) and not number


def _is_simplified(text: str) -> bool:
    # GB 2312 has the simplified characters in use and no others.
    return bool(_HAN.fullmatch(text)) and len(text.encode("gb2312", "ignore")) == 2 * len(text)


def _han(text: str) -> list[str]:
    return [character for run in _HAN.findall(text) for character in run]


def named(data: Path) -> Iterator[str]:
    """The names in the tables of `data/lexicons`, without those in Latin letters."""
    for path in sorted((data / "lexicons").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            for cell in line.split("\t"):
                yield from filter(_HAN.fullmatch, cell.split("|"))


def listed(folder: Path) -> Iterator[str]:
    """The words of the lists (``*.txt``, one or more words a line, # for remarks) of a folder."""
    for path in sorted(folder.glob("*.txt")):
        if path.stem != "not_names":
            yield from listed_in(path)


def listed_in(path: Path) -> Iterator[str]:
    """The words of one list."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield from line.partition("#")[0].split()


def used(texts: Iterable[str]) -> Iterator[str]:
    """The words of jieba's dictionary that texts consist of."""
    runs = [run for text in texts for run in _HAN.findall(text)]
    # jieba itself is not loaded: its cache may be written by whoever shares the machine.
    dictionary = Segmenter(dict.fromkeys("".join(runs), _UNKNOWN) | _dictionary())
    for run in runs:
        yield from (word for word in dictionary.words(run) or () if not _NUMBER.search(word))


def _dictionary() -> dict[str, float]:
    """Word → −log10 of its probability, from the table of jieba (MIT)."""
    found = find_spec("jieba")
    if found is None or found.origin is None:
        return {}
    lines = (Path(found.origin).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    counts = {word: int(count) for word, count, *_ in map(str.split, lines)}
    whole = math.log10(sum(counts.values()))
    return {word: whole - math.log10(count) for word, count in counts.items() if count}


def characters(model: NGrams | None) -> list[str]:
    """The single characters of a model, the rarest left out."""
    singles = model.orders[0].items() if model else ()
    return [
        words[0]
        for words, (chance, _) in singles
        if len(words[0]) == 1 and chance > _RAREST_CHARACTER and is_word(words[0])
    ]


def frequent(model: NGrams | None, most: int) -> list[str]:
    """The most frequent words of a model, the commonest first."""
    if model is None:
        return []
    ranked = sorted(model.orders[0].items(), key=lambda item: -item[1][0])
    names = (words[0] for words, _ in ranked)
    return [name for name in names if len(name) <= _LONGEST_GENERAL and is_word(name)][:most]
