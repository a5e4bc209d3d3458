"""Numbers of orders, cards and the like, which are letters and digits of any kind: R20231."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.dialog.scripts.script import Script, Slot
from engine.dialog.wording.lexicon import either
from engine.nlu.parse import Entity

#: Letters and digits with a digit in them.
_WRITTEN = r"(?<![A-Za-z0-9-])(?=[A-Za-z-]*[0-9])[A-Za-z0-9-]{3,24}(?![A-Za-z0-9-])"
#: Digits said one by one, too many for a count: 二零零一二三.
_SAID = "[零〇一二三四五六七八九幺]{4,24}"
_DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_CODE = re.compile(f"{_WRITTEN}|{_SAID}")
#: A number of a card has more digits than anything counts, and may be written in groups.
_LONG = r"(?<![\d-])\d(?:[ -]?\d){8,29}(?![\d-])"
#: Between the name of a slot and such a number.
_LINK = r"(?:号码?)?(?:[写填说]?错了?|不对)?[，,： :]*(?:应该)?(?:是|为|改成|改为|换成)?[： :]*"
#: Characters that may stand beside one in answer to the question for it: 打错了，是R20231.
_BESIDE = 8


def code_in(said: str, slot: Slot) -> str:
    """The code that answers the question of a slot which takes nothing but one."""
    found = _CODE.findall(said) if slot.type == ("order_no",) else []
    rest = re.sub(r"\W", "", _CODE.sub("", said))
    return _as_written(found[0]) if len(found) == 1 and len(rest) <= _BESIDE else ""


def long_number_in(said: str, slot: Slot) -> str:
    """The number with the digits of a card that answers the question: 「工行6222…」."""
    found = re.findall(_LONG, said) if slot.type == ("number",) else []
    rest = re.sub(r"\W", "", re.sub(_LONG, "", said))
    return re.sub(r"\D", "", found[0]) if len(found) == 1 and len(rest) <= _BESIDE else ""


def named(text: str, script: Script) -> Iterator[tuple[str, Entity]]:
    """Numbers right after the name of their slot: 「卡号6222…」, 「会员卡号VIP10086」."""
    forms: dict[tuple[str, ...], str] = {("number",): _LONG, ("order_no",): _CODE.pattern}
    for name, slot in script.slots.items():
        form = forms.get(slot.type, "") if slot.called else ""
        if form and (said := re.search(f"(?:{either(slot.called)}){_LINK}(?P<code>{form})", text)):
            code = re.sub(r"[ -]", "", said["code"]) if form == _LONG else _as_written(said["code"])
            yield name, Entity("named", code, said[0], *said.span())


def _as_written(code: str) -> str:
    return code.translate(_DIGITS).upper()
