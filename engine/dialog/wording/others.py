"""Whether words tell of somebody else than the customer: by what they are, or by name."""

from __future__ import annotations

import re

from engine.dialog.wording.lexicon import lexicon
from engine.nlu.grammar.fold import fold
from engine.nlu.grammar.names import DOUBTFUL, TITLE, fits, surname_of, surnames

#: For whom it is, up to the end of the name or to what belongs to them.
_FOR = re.compile(r"(?:(?<!请)给|[帮替为畀俾])(?=(?P<rest>[\u4e00-\u9fff]{2,8}))")
_OF = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|[查看问缴交充换改](?:[成到上]|一?[下查看])?)(?=(?P<rest>[\u4e00-\u9fff]{3,9}))"
)
#: What follows on whom it is for.
_DOES = re.compile(
    r"$|[的家那这充冲交缴付还打存查看办把将弄整搞来续加买也要先]|手机|电话|话费|号|卡"
)
#: What follows on whose it is.
_HAS = re.compile(
    r"(?:的|[那这]个?)?(?:手机|电话|号|话费|卡|余额|流量|账单)|[欠没停]|[那这](?:边|个的)"
)
#: For whom it is, whoever that may be, up to what is done or to what belongs to them: 给建国充.
_WHOEVER = re.compile(
    r"(?:(?<!请)给|[帮替畀俾]|(?<![以作成认])为)(?P<who>[\u4e00-\u9fff]{2,6}?)的?"
    r"(?=[充冲交缴付存打查办续买订约]|号|电话|手机号|话费)"
)
#: A number that is told by how it begins: 「150的那个号」.
_BEGINS_SO = re.compile(r"(?<![0-9])1[3-9][0-9](?:开头)?(?:的|那个)+(?:手机|电话)?号")
_FAMILIAR = re.compile("[老小阿大](?P<surname>[\u4e00-\u9fff])")
#: Characters of a name, the longest first.
_LENGTHS = (4, 3, 2)


def tells_of_another(text: str, *, own: str = "", pronouns: bool = True) -> bool:
    """Whether it is for somebody else: 给我妈, 给李四, 小王手机.

    ``own`` is the customer's name. Without ``pronouns`` 他 and 她 are those of before.
    """
    folded, others = fold(text), lexicon().others
    told = (*others.words, *(others.pronouns if pronouns else ()))
    if any(word in folded for word in told) or _names(folded, fold(own)):
        return True
    if _BEGINS_SO.search(folded):
        return True
    return any(_is_somebody(match["who"], fold(own)) for match in _WHOEVER.finditer(folded))


def someone(text: str) -> str:
    """The word for somebody else that is said, the longest of them: 女朋友; or nothing."""
    folded = fold(text)
    return max((word for word in lexicon().others.words if word in folded), key=len, default="")


def _is_somebody(who: str, own: str) -> bool:
    """Whether what something is done for is neither the customer, nor a thing, nor what is done."""
    others = lexicon().others
    is_own = who.startswith(others.selves) or bool(own and who.startswith(own))
    return not (is_own or who.endswith(others.things) or who[0] in others.deeds)


def _names(text: str, own: str) -> bool:
    places = (
        (match["rest"], after)
        for pattern, after in ((_FOR, _DOES), (_OF, _HAS))
        for match in pattern.finditer(text)
    )
    return any(_begins_with_name(rest, after, own) for rest, after in places)


def _begins_with_name(rest: str, after: re.Pattern[str], own: str) -> bool:
    if own and rest.startswith(own):
        return False
    names = (rest[:length] for length in _LENGTHS if len(rest) >= length)
    return any(_is_called(name) and after.match(rest, len(name)) for name in names)


def _is_called(name: str) -> bool:
    familiar = _FAMILIAR.fullmatch(name)
    if familiar:
        return familiar["surname"] in surnames() - DOUBTFUL
    surname = surname_of(name)
    return fits(name) or bool(surname and TITLE.fullmatch(name, len(surname)))
