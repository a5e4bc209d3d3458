"""Wishes for a seat: 靠窗, 过道, 前排, 不要中间."""

from __future__ import annotations

import re

from engine.nlu.grammar.spans import longest_first
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

_WORDS = {
    "exit": r"(?:安全|紧急|应急|逃生)(?:出口|门|通道)(?:那?一?排|旁边?|位置)?|出口"
    r"(?:那?一?排|旁边?|位置|座位?)",
    "window": r"[靠临挨近](?:着|近)?(?:舷)?窗(?:户|口|边)?(?:边|旁)?(?:那边)?|有窗户?(?=的)|"
    r"窗(?:户|口)?(?:边|旁|座|位)(?:边)?|窗户|(?<![台机务工号个])窗口(?=$|[\s,，。.吧呗])|窗口位|窗口的(?:(?:位|座)[置位子]?|$)|舷窗|"
    r"[靠挨]?着?[床闯创疮](?:户|边)(?:边|旁)?|靠床(?!头)",
    "aisle": r"(?:[靠临挨近](?:着|近)?)?(?:过道|走道|走廊|通道(?!口)|甬道|过到)(?:边|旁)?(?:边)?|"
    r"靠(?:外|边|道)(?:面|侧|边)?|外侧|方便进出|进出方便|出入方便|出去方便",
    "middle": r"(?:正)?中间|当中|中座|居中|夹中间|夹心座",
    "front": r"(?:最|比较)?前[几两三]?排|头[一几两]排|第一排|靠前(?:面|边|排)?|(?<![以之目])"
    r"(?:最)?前(?:面|边|头|部|舱)|往前(?:坐|排|一?点|挪|靠|去|换|调)|前一?点|(?:机|飞机)头"
    r"(?:附近|那边)",
    "rear": r"(?:最|比较)?(?<![以然之])后[几两三]?排|最后[一几]?排|末排|倒数第?[一二两三]排"
    r"|靠后(?:面|边|排)?|(?<![以然之往])(?:最)?后(?:面|边|头|部|舱)|往后"
    r"(?:坐|排|一?点|挪|靠|去|换|调)|后一点|(?:机|飞机)?尾(?:部|巴)|(?<!手)机尾(?!号)",
}
_WISH = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items()))
#: Every wish has one of these.
_NEEDED = "口门道窗床廊到外边便中居夹排前头后末尾"
#: Words that mean other things as well; without a seat word beside them they are loose.
_VAGUE = re.compile(
    r"中间|当中|前面|前边|前头|后面|后边|后头|通道|走廊|靠外|靠边|外侧|窗户|第一排|尾巴|靠床|居中"
)
#: Sounds like a window, and is hardly meant to be one where nobody speaks of seats.
_BY_SOUND = re.compile("[靠挨]?着?[床闯创疮](?:户|边)(?:边|旁)?")
#: 前面 is a wish only at the end of a phrase or beside a word of sitting, not in 前面填错了.
_PLACE = re.compile(r"最?[前后](?:面|边|头)")
_AS_WISH = re.compile(
    r"$|[\s,，。.!！?？]|的(?:$|[,，。\s]|座|位)|一?点|靠|[座位排吧啊呢去]|"
    r"就|也|都?行|都?可以|更|最|越|儿"
)
_SIT = re.compile(r"[坐要选在靠往想越最换]")
_SEAT_NEAR = re.compile(r"座|坐|位|排|靠|选|换|值机")
_OTHER = re.compile(
    r"(?:的)?(?:那|这|一)(?:一)?(?:个|班|趟|张|位|条|项|种|架)|(?:的)?(?:航班|"
    r"订单|问题|内容|话|步骤)|说|再|停|转|经停|有事|几天|两天|"
    r"半(?:段|夜)"
)
#: 别给我中间那个: refused, and nothing after it that the word could belong to.
_THAT_ONE = re.compile(r"(?:的)?那个(?:座位?|位子|位置)?(?:$|[\s,，。.!！?？吧啊])")
_ASKED = (
    r"(?:能不能|可不可以|要不要|有没有|是不是|行不行|想不想|好不好|没有|"
    r"不能|能否|不可以|(?<!只)(?<!最好)要不)"
)
_NEGATED = re.compile(
    r"(?:不(?!知道|好意思|行|错|过|清楚|是)|别(?!的|人|处)|除了|避开|非|莫|甭|勿|不是|讨厌|拒绝)"
    r"(?:想|太|要|坐|选|喜欢|给我|安排|用|靠|在|排|能|愿意?|到|让我|"
    r"让[他她你您]们?|给[他她你您]们?|叫[他她]|孩子|小孩|老人|宝宝|爱|考虑|需要|去|是|把我|的|放|最|排在|接受)*$"
)
_REFUSED = re.compile(
    r"(?:的|那种|座位?|位置|位子)*(?:我)?(?:不要|不行|不坐|不想|不喜欢|"
    r"就算了|就不用|除外|别给|不考虑|免了|就别)"
)
#: 坐窗边我会晕: what is bad about a place, which is none to be given.
_COMPLAINT = re.compile(
    r"(?:的|座|位|位置|位子|那边|那里|那儿|我|会|就|太|有点|有些|容易|总|老|老是|很|好|特别|不让|真)*"
    r"(?:恐高|晕|怕|冷|晒|吵|挤|闷|憋|颠|臭|难受|不舒服|睡不着|不方便|出不来|出不去|腿伸不开)"
)
#: 太靠后了: where it is, and is not to be.
_TOO, _TOO_FAR = re.compile("太|过于"), re.compile("了|$|[\\s,，。]")
_AXES = ({"window", "aisle", "middle"}, {"front", "rear"})


def find_preferences(utterance: Utterance) -> list[Entity]:
    """window, aisle, middle, exit, front, rear; a refused one as ``not:window``."""
    if not utterance.has(_NEEDED):
        return []
    found: list[Entity] = []
    for match in _WISH.finditer(utterance.folded):
        if entity := _wish(utterance, match):
            found.append(entity)
    return _without_implied(longest_first(found))


def _wish(utterance: Utterance, match: re.Match[str]) -> Entity | None:
    folded, start, end = utterance.folded, match.start(), match.end()
    name = match.lastgroup or ""
    is_seat = _THAT_ONE.match(folded, end) and _refused(utterance, match)
    is_that_one = bool(_PLACE.fullmatch(match[0]) and _THAT_ONE.match(folded, end))
    if _OTHER.match(folded, end) and _VAGUE.search(match[0]) and not (is_seat or is_that_one):
        return None
    if (
        _PLACE.fullmatch(match[0])
        and not (is_that_one or _AS_WISH.match(folded, end))
        and not _SIT.search(utterance.before(start, 5))
    ):
        return None
    near = utterance.before(start, 6) + folded[end : end + 5]
    # 后面那个 of a list is no place to sit.
    is_loose = is_that_one or _VAGUE.fullmatch(match[0]) or _BY_SOUND.fullmatch(match[0])
    strict = not is_loose or bool(_SEAT_NEAR.search(near))
    value = f"not:{name}" if _refused(utterance, match) else name
    return utterance.entity("seat_preference", value, start, end, strict=strict)


def _refused(utterance: Utterance, match: re.Match[str]) -> bool:
    if _TOO.search(utterance.before(match.start(), 3)) and _TOO_FAR.match(
        utterance.folded, match.end()
    ):
        return True
    if _COMPLAINT.match(utterance.folded, match.end()):
        return True
    before = re.sub(_ASKED, "", utterance.before(match.start(), 9))
    if _NEGATED.search(before):
        return True
    refusal = _REFUSED.match(utterance.folded, match.end())
    return refusal is not None and not _is_of_the_next(utterance, refusal)


def _is_of_the_next(utterance: Utterance, refusal: re.Match[str]) -> bool:
    """Whether a no stands between two wishes and right before the second: 靠窗不要前排."""
    following = _WISH.search(utterance.folded, refusal.end())
    if following is None:
        return False
    negation = _NEGATED.search(utterance.folded[: following.start()])
    return negation is not None and negation.start() < refusal.end()


def _without_implied(wishes: list[Entity]) -> list[Entity]:
    """Drop a refusal that a later wish on the same axis already says: 不要靠窗，要过道."""
    wanted = {wish.value for wish in wishes}
    return [wish for wish in wishes if not _implied(wish.value or "", wanted)]


def _implied(value: str, wanted: set[str | None]) -> bool:
    refused = value.removeprefix("not:")
    axis = next((axis for axis in _AXES if refused in axis), set())
    return value.startswith("not:") and bool((axis - {refused}) & wanted)
