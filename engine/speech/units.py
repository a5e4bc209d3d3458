"""What the acoustic model tells apart: the initials and finals of Mandarin, without tones.

A syllable is written as pypinyin writes it without tone (``lü`` as ``lv``, ``ê`` left out). The
spelling rules that pinyin adds for readers are undone here (``yuan`` is the final *van*, ``jun``
is *j* and *vn*, ``liu`` is *l* and *iou*); the source is the scheme of 汉语拼音方案 (1958), part 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from engine.speech.errors import Unspeakable

_INITIALS = "b p m f d t n l g k h j q x zh ch sh r z c s"

#: *ix* is the vowel of zhi, *iy* that of zi: they sound alike to nobody.
_FINALS = (
    "a o e ai ei ao ou an en ang eng er i ix iy ia io ie iao iou ian in iang ing iong "
    "u ua uo uai uei uan uen uang ueng ong v ve van vn"
)

INITIALS = tuple(_INITIALS.split())
FINALS = tuple(_FINALS.split())

BLANK = "<blank>"

#: The outputs of the network, in order; the blank of CTC comes first.
PHONES = (BLANK, *INITIALS, *FINALS)

PHONE_ID = {phone: at for at, phone in enumerate(PHONES)}

#: Syllables without an initial, where pinyin writes y and w: a syllable, then its final.
_BARE_SPELLINGS = (
    "yi i ya ia yo io yan ian yang iang yao iao ye ie yin in ying ing yong iong you iou "
    "yu v yuan van yue ve yun vn "
    "wu u wa ua wai uai wan uan wang uang wei uei wen uen weng ueng wo uo"
)
_BARE = dict(zip(_BARE_SPELLINGS.split()[::2], _BARE_SPELLINGS.split()[1::2], strict=True))

_SHORTENED = {"iu": "iou", "ui": "uei", "un": "uen"}
_BUZZED = {"zh": "ix", "ch": "ix", "sh": "ix", "r": "ix", "z": "iy", "c": "iy", "s": "iy"}
_ROUNDED = {"u": "v", "ue": "ve", "uan": "van", "un": "vn"}


@lru_cache(maxsize=2048)
def split(syllable: str) -> tuple[str, ...]:
    """The one or two phones of a toneless syllable; raises `Unspeakable`."""
    if syllable in _BARE:
        return (_BARE[syllable],)
    initial = next((i for i in (syllable[:2], syllable[:1]) if i in INITIALS), "")
    phones = (initial, _final(initial, syllable[len(initial) :]))[not initial :]
    if phones[-1] not in FINALS:
        raise Unspeakable(syllable)
    return phones


def _final(initial: str, written: str) -> str:
    if initial in ("j", "q", "x"):
        written = _ROUNDED.get(written, written)
    elif initial in ("b", "p", "m", "f") and written == "o":
        return "uo"
    if written == "i":
        return _BUZZED.get(initial, "i")
    return _SHORTENED.get(written, written)


def spell(syllables: Iterable[str]) -> list[int]:
    """The outputs of the network that a sequence of syllables consists of; raises `Unspeakable`."""
    return [PHONE_ID[phone] for syllable in syllables for phone in split(syllable)]


def joined(ids: Iterable[int]) -> list[tuple[str, ...]]:
    """Phones put together to syllables again, without blanks; a stray initial stands alone."""
    syllables: list[tuple[str, ...]] = []
    initial: tuple[str, ...] = ()
    for phone in (PHONES[at] for at in ids):
        if phone in INITIALS:
            if initial:
                syllables.append(initial)
            initial = (phone,)
        else:
            syllables.append((*initial, phone))
            initial = ()
    return [*syllables, initial] if initial else syllables
