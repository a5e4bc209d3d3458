"""The questions of a slot, in one form: 「试听，要不要？」 asks as 「试听要吗？」 does."""

from __future__ import annotations

import functools
import re

from engine.dialog.scripts.script import Slot

#: What asks for a yes or a no without 吗.
_WHETHER = re.compile(r"(?P<verb>\w)[不没](?P=verb)|(?P<may>[是能可])否")
_NO = re.compile("[不没无非未]")
_SENTENCE = re.compile(r"(?<=[。？?！!；;])")
_END = re.compile(r"[。？?！!；;\s]*$")
#: A clause that asks no more than whether it is wanted: what is asked about stands before it.
_ONLY_WHETHER = re.compile(r"[，,](?=[\u4e00-\u9fff]{1,2}吗)")


def poles(slot: Slot) -> tuple[str, str]:
    """The values for a yes and a no to the questions of a slot; nothing where there are none.

    Of two choices of which one denies the other, 很急 and 不急 of 「急不急？」, these two.
    """
    if slot.if_yes and slot.if_no:
        return slot.if_yes, slot.if_no
    no = [choice for choice in slot.choices if _NO.match(choice.label)]
    yes = [choice for choice in slot.choices if choice not in no]
    if len(yes) != 1 or len(no) != 1 or not any(map(_WHETHER.search, slot.ask)):
        return "", ""
    return yes[0].value, no[0].value


def asked_by(slot: Slot) -> tuple[str, ...]:
    """The questions of a slot; those for a yes or a no end in 吗."""
    return _with_particle(slot.ask)


@functools.lru_cache(maxsize=1024)
def _with_particle(asked: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("".join(map(_sentence, _SENTENCE.split(text))) for text in asked)


def _sentence(text: str) -> str:
    if "吗" in text or not _WHETHER.search(text):
        return text
    plain = _WHETHER.sub(lambda found: found["verb"] or found["may"], text)
    return _ONLY_WHETHER.sub("", _END.sub(lambda end: f"吗{end[0]}", plain, count=1))
