"""How words sound: every reading for the lexicon, the usual one for training."""

from __future__ import annotations

import itertools
import re

from pypinyin import Style, lazy_pinyin, load_phrases_dict, pinyin
from pypinyin.constants import PINYIN_DICT
from pypinyin.phrases_dict import phrases_dict

from engine.speech.errors import Unspeakable
from engine.speech.spoken import tables
from engine.speech.spoken.tables import Reading
from engine.speech.spoken.written import spoken
from engine.speech.units import split

# Left out where only single characters are asked for (`engine.nlu.syllables`).
load_phrases_dict(phrases_dict)

#: A reading rarer than this in running text is not one of a longer word's.
RARE_IN_A_WORD = 0.1
#: Beyond these the lexicon gains confusion and no words.
MOST_READINGS = 8

_HAN = "\u3400-\u4dbf\u4e00-\u9fff〇"
_PIECE = re.compile(f"[{_HAN}]+|[A-Za-z]")
#: Words in which 儿 is a child, and is never swallowed.
_CHILDREN = ("女儿", "婴儿", "孤儿", "幼儿", "少儿", "胎儿", "健儿", "宠儿", "男儿", "小儿")


def readings(word: str) -> tuple[Reading, ...]:
    """All the ways in which speakers say a word, the commonest first; raises `Unspeakable`."""
    return tuple(weighted(word))


def weighted(word: str) -> dict[Reading, float]:
    """The readings of a word, each with its share of how often the word is said."""
    if fixed := tables.words().get(word):
        return dict(_declining(fixed))
    parts = [options for piece in _pieces(word) for options in _options(piece)]
    found: dict[Reading, float] = {}
    for choice in itertools.islice(itertools.product(*parts), MOST_READINGS * 8):
        reading = tuple(itertools.chain.from_iterable(part for part, _ in choice))
        share = 1.0
        for _, each in choice:
            share *= each
        found[reading] = found.get(reading, 0) + share
    if len(word) > 1 and word[-1] == "儿" and word[-2:] not in _CHILDREN:
        found |= {reading[:-1]: share for reading, share in found.items()}
    return _likeliest(found)


def _likeliest(found: dict[Reading, float]) -> dict[Reading, float]:
    best = sorted(found, key=lambda reading: -found[reading])[:MOST_READINGS]
    whole = sum(found[reading] for reading in best)
    return {reading: found[reading] / whole for reading in best}


def _declining(listed: tuple[Reading, ...]) -> list[tuple[Reading, float]]:
    """What people wrote down in order of frequency: each half as frequent as the one before."""
    whole = 2 - 0.5 ** (len(listed) - 1)
    return [(reading, 0.5**at / whole) for at, reading in enumerate(listed)]


def syllables(text: str) -> Reading:
    """The toneless syllables of written text; raises `Unspeakable`."""
    return usual(spoken(text))


def usual(text: str) -> Reading:
    """The syllables of spoken text, read as its words say; raises `Unspeakable`."""
    said: list[str] = []
    for piece in _known_words().split(text):
        if piece in tables.words():
            said += tables.words()[piece][0]
        else:
            said += [syllable for part in _pieces(piece) for syllable in _usual(part)]
    return tuple(said)


def _known_words() -> re.Pattern[str]:
    # Python's cache of compiled patterns makes this one dictionary look-up.
    known = sorted(tables.words(), key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, known))})")


def _pieces(text: str) -> list[str]:
    """Runs of Hanzi, and single letters; spaces and punctuation are not said."""
    if said := [mark for mark in _PIECE.sub("", text) if mark.isalnum()]:
        raise Unspeakable(said[0])
    if unknown := [
        mark for mark in text if mark > "z" and mark.isalnum() and ord(mark) not in PINYIN_DICT
    ]:
        raise Unspeakable(unknown[0])
    return _PIECE.findall(text)


def _usual(piece: str) -> list[str]:
    if piece.isascii():
        return list(tables.letters()[piece.upper()][0])
    return [_speakable(*pair) for pair in zip(piece, _plain(piece), strict=True)]


def _plain(piece: str) -> list[str]:
    return lazy_pinyin(piece, style=Style.NORMAL)


def _speakable(character: str, syllable: str) -> str:
    if character in tables.variants() and len(tables.variants()[character]) == 1:
        return tables.variants()[character][0][0]
    split(syllable)
    return syllable


def _options(piece: str) -> list[list[tuple[Reading, float]]]:
    """For each character, or the letter, what it may sound like."""
    if piece.isascii():
        return [_declining(tables.letters()[piece.upper()])]
    known = pinyin(piece, style=Style.NORMAL, heteronym=True)
    least = RARE_IN_A_WORD if len(piece) > 1 else 0.0
    return [_heard(*pair, least) for pair in zip(piece, known, strict=True)]


def _heard(character: str, known: list[str], least: float) -> list[tuple[Reading, float]]:
    if variants := tables.variants().get(character):
        return _declining(variants)
    if (len(known) == 1 and least) or character not in tables.shares():
        split(known[0])
        return [((known[0],), 1.0)]
    shares = tables.shares()[character]
    return [((syllable,), share) for syllable, share in shares.items() if share >= least]
