"""Names of people: after a cue (我叫, 乘机人, 给…选座), spelled out, or the whole utterance."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from engine.nlu.grammar.lone_name import alone, person
from engine.nlu.grammar.names import (
    AND,
    DOUBTFUL,
    FOREIGN_NAME,
    KIN,
    NEVER,
    SPELLED,
    SPELLED_PIECE,
    TITLE,
    fits,
    is_word,
    surname_of,
)
from engine.nlu.grammar.spans import longest_first
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

_NO_NAME = re.compile("[错了改写谁什怎多少不能吗么呢的]")
_HAN = r"[\u4e00-\u9fff]"
_CUE = re.compile(
    r"(?P<strong>(?:(?<![给帮替])我|本人)(?:的)?(?:名字|姓名|大名)?(?:是)?叫(?:做)?|"
    r"(?:名字|姓名|大名|全名)(?:就)?(?:是|叫|为|:)+(?:做)?|"
    r"名叫|叫做"
    r"|(?:乘机人|登机人|旅客|乘客|(?:乘机|登机|值机|坐飞机|出行)的人|联系人|机主|户主|收件人|"
    r"出行人|本人|同行人|值机人)(?:的)?(?:姓名|名字)?(?:就)?(?:(?:是|"
    r"叫|为|:)+(?:做)?|[改换][成为])"
    r"|(?:姓名|名字)\s?)"
    r"|(?P<weak>(?:一起|同行|同去|一块儿?)的(?:人)?(?:是|叫)|(?:乘机人|"
    r"登机人|旅客|乘客|联系人|机主|户主|同行人|出行人|值机人|"
    r"本人|人名)|(?:我(?:就)?是|这是|(?<![我你他她])叫|(?<![一二两三四五六七八九几十])"
    r"位是|她叫|他叫|[改换]成))"
    r"[\s,，:]{0,2}"
)
_FOR = re.compile(rf"(?:给|帮|替|为|把|和|跟|与|同)(?:我的?(?:{KIN}))?(?=\S)")
_DOING = re.compile(
    r"(?:办|选|订|买|值机|值个机|查|充|打印|做|改|预|弄|取|交|缴|"
    r"绑|登|看|换|退|报|代|挑|安排|定|续|把|还(?=[欠钱款清上账]|话费)|也|一起|他俩|俩|[两三四五六七八九]个|"
    r"的(?:航班|票|机票|值机|登机牌|座位|订单|话费|行程|手机|"
    r"号|身份证))"
)
_OWNED = re.compile(r"的(?:航班|票|机票|值机|登机牌|座位|订单|行程|座|名字|那张|证件|身份证)")
#: A number right behind a name is that person's: 李四的13900138000, 李四那个号13900138000.
_WHOSE_NUMBER = re.compile(r"(?:的|那个)(?:手机|电话)?(?:号码|号)?[\s,，:]?(?=1[0-9]{10}(?![0-9]))")
_NEXT = re.compile(
    r"$|[\s,，。.!！?？、;；:()（）]|的|和|跟|与|及|还有|以及|办|"
    r"选(?!民)|值机|订|查|充|要(?!强)|想(?=[办订查要问去坐买选充改请])|"
    r"需要|身份证|手机|电话|证件|护照|请|谢谢|你好|您好|吧$|"
    r"啊$|呀$|哈$|呢$|先生|女士|小姐|同学"
    r"|帮|把|麻烦|今[天晚早]|明[天晚早]|后天|坐|去|飞|这个|那个|一个人|"
    r"[两俩三四五六七八九]个|是|在|给|号码|[0-9A-Za-z]|俩|他们|都|也|没|不是|"
    r"从|乘|预订|买|做|改|换|打印|登机|航班|这班|一起|就|我|"
    r"了$|交|取"
)
_BELONGS = re.compile(
    r"[\s,，:]{0,2}(?:的)?(?:身份证|证件|护照|手机|电话|[0-9]{11}|0[0-9]{2,3}-?[0-9]{7})"
    r"|的?[\s,，]+先?[交缴付]"
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z'\-]{1,20}(?:[ /·.][A-Za-z][A-Za-z'\-]{0,20}){0,3}")
_SURNAME_FIRST = re.compile(
    rf"姓(?P<surname>{_HAN}{{1,2}}?)[\s,，]?(?:名(?:字)?(?:叫|是)?|"
    rf"叫|(?=(?P=surname)))\s?(?P<given>{_HAN}{{1,3}}?)(?=$|[\s,，。.!！的]|{_NEXT.pattern})"
)
#: What follows a surname that was taken apart, in the whole name: 木子李的李明.
_GIVEN = re.compile(
    rf"(?<=的.)(?!{TITLE.pattern})(?P<given>(?:(?![的字啊吧呀呢]){_HAN}){{1,2}}?)(?={_NEXT.pattern})"
)
_SPELL_CUE = re.compile(
    r"(?:姓名|名字|叫|姓|我是|乘机人|乘客|就是|是|姓.[\s,，]{0,2})(?:是|叫)?[\s,，:]{0,2}$"
)
_CLAIM = re.compile(
    rf"^(?:就?是|属于)(?P<name>{_HAN}{{2,4}})的(?:号码?|手机号?|电话)?[\s。.吧啊呀]*$"
)
_AFTER_NUMBER = re.compile(
    rf"(?<![0-9])[0-9]{{8,20}}[\s,，、]+(?P<name>{_HAN}{{2,4}}?)的?[\s。.]*$"
)

#: Characters of the longest list of names that is looked for before its last 和.
_LONGEST_LIST = 40
_CLAUSE_BEFORE = re.compile(rf"{_HAN}{{2,4}}(?:、{_HAN}{{2,4}})*$")
_PRONOUN = re.compile(r"[你他她它我咱您谁什啥哪怎这那个不车了外号的服停滴]|一[下个张份点些位起样]")


def find_people(utterance: Utterance) -> list[Entity]:
    """Names as written; the whole utterance and 张三的票 are loose."""
    found = [each for find, needed in _FINDERS if utterance.has(needed) for each in find(utterance)]
    found += _introduced(utterance)
    return longest_first(found or alone(utterance))


def _cued(utterance: Utterance) -> Iterator[Entity]:
    read_to = 0
    for cue in _CUE.finditer(utterance.folded):
        if cue.start() < read_to:
            continue
        strong = cue["strong"] is not None
        end = _name_end(utterance, cue.end(), loosely=strong)
        if end:
            strict = strong or not cue["weak"].endswith(("是", "叫", "成"))
            people = [person(utterance, cue.end(), end, strict=strict)]
            people += _more(utterance, end, strict=strict)
            read_to = people[-1].end
            yield from people


def _more(utterance: Utterance, at: int, *, strict: bool) -> Iterator[Entity]:
    """The other names of a list: 王建国和李梅."""
    while (link := AND.match(utterance.folded, at)) and (
        end := _name_end(utterance, link.end(), loosely=False)
    ):
        yield person(utterance, link.end(), end, strict=strict)
        at = end


def _for_whom(utterance: Utterance) -> Iterator[Entity]:
    read_to = 0
    for cue in _FOR.finditer(utterance.folded):
        if cue.start() < read_to:
            continue
        people: list[Entity] = []
        end = _name_end(utterance, cue.end(), loosely=False)
        if end:
            people = [*_before_and(utterance, cue), person(utterance, cue.end(), end)]
            people += _more(utterance, end, strict=True)
            read_to = people[-1].end
        if people and _DOING.match(utterance.folded, people[-1].end):
            yield from people
        elif foreign := _foreign(utterance, cue.end(), _DOING):
            yield person(utterance, cue.end(), foreign)


def _before_and(utterance: Utterance, cue: re.Match[str]) -> Iterator[Entity]:
    """张三和李四两个人, 王芳、张三和李四: the names at the beginning of the clause, before 和."""
    since = max(cue.start() - _LONGEST_LIST, 0)
    clause = _CLAUSE_BEFORE.search(utterance.folded, since, cue.start())
    if cue[0][0] not in "和跟与同" or clause is None:
        return
    end = clause.end()
    for name in reversed(clause[0].split("、")):
        if not fits(name):
            return
        yield person(utterance, end - len(name), end)
        end -= len(name) + 1


def _owners(utterance: Utterance) -> Iterator[Entity]:
    """张三的登机牌: the two to four characters before 的."""
    for owned, is_strict in ((_OWNED, False), (_WHOSE_NUMBER, True)):
        for match in owned.finditer(utterance.folded):
            if (start := _owner_before(utterance, match.start())) is not None:
                yield person(utterance, start, match.start(), strict=is_strict)


def _owner_before(utterance: Utterance, end: int) -> int | None:
    """Where the name begins that ends there, the longest first; None where none does."""
    starts = (end - length for length in (4, 3, 2) if end >= length)
    return next(
        (
            start
            for start in starts
            if _begins_owner(utterance, start) and fits(utterance.folded[start:end])
        ),
        None,
    )


def _begins_owner(utterance: Utterance, start: int) -> bool:
    before = utterance.before(start, 2)
    return not before or before.endswith(tuple(" ,，。和跟给帮替查办把看下要改退是、"))


def _introduced(utterance: Utterance) -> Iterator[Entity]:
    """张三，身份证…: a name at the start, then what belongs to a person."""
    for length in (4, 3, 2):
        if _BELONGS.match(utterance.folded, length) and fits(utterance.folded[:length]):
            yield person(utterance, 0, length, strict=False)
            return


def _claimed(utterance: Utterance) -> Iterator[Entity]:
    """是王小明的, and a name that ends a message after a long number: 18612345678 王小明."""
    for pattern, is_strict in ((_CLAIM, False), (_AFTER_NUMBER, True)):
        if (match := pattern.search(utterance.folded)) and fits(match["name"]):
            yield person(utterance, *match.span("name"), strict=is_strict)


def _foreign(utterance: Utterance, start: int, follows: re.Pattern[str]) -> int:
    """Where a long transliterated name ends, or 0."""
    match = FOREIGN_NAME.match(utterance.folded, start)
    long = match is not None and match.end() - start > 3
    return match.end() if match and long and follows.match(utterance.folded, match.end()) else 0


def _name_end(utterance: Utterance, start: int, *, loosely: bool) -> int:
    """Where the name that begins at ``start`` ends, or 0."""
    folded = utterance.folded
    window = folded[start : start + 24]
    if foreign := _foreign(utterance, start, _NEXT):
        return foreign
    if loosely and (latin := _LATIN.match(utterance.text, start)):
        return latin.end()
    surname = surname_of(window)
    known = surname and (loosely or not (surname in DOUBTFUL or is_word(window[:3])))
    if known and (end := _with_surname(window, len(surname))):
        return start + end
    return _without_surname(window, start) if loosely else 0


def _with_surname(window: str, surname: int) -> int:
    ends = [surname + given for given in (1, 2)]
    ends = [end for end in ends if re.fullmatch(f"{_HAN}+", window[:end]) and len(window) >= end]
    if not ends or TITLE.match(window, surname) or _PRONOUN.match(window, surname):
        return 0
    if TITLE.match(window, ends[0]):
        return ends[0] if len(window) > 4 else 0
    end = next((end for end in ends if _NEXT.match(window, end)), ends[-1])
    return 0 if NEVER.search(window, surname, end) else end


def _without_surname(window: str, start: int) -> int:
    """A name that begins with no known surname counts when it fills the rest of the words."""
    match = re.match(rf"{_HAN}{{2,4}}(?=$|[\s,，。.!！])", window)
    return (
        start + match.end()
        if match and not _PRONOUN.match(window) and not _NO_NAME.search(match[0])
        else 0
    )


def _surname_first(utterance: Utterance) -> Iterator[Entity]:
    """姓王名小明: surname and given name said apart."""
    for match in _SURNAME_FIRST.finditer(utterance.folded):
        surname, given = match["surname"], match["given"]
        name = given if given.startswith(surname) and len(given) > 1 else surname + given
        yield utterance.entity("person", name, *match.span())


def _spelled(utterance: Utterance) -> Iterator[Entity]:
    """弓长张，建设的建，国家的国: one character a piece; a second surname corrects the first."""
    said: list[str] = []
    start = end = -1
    for piece in SPELLED_PIECE.finditer(utterance.folded):
        known = piece["parts"] and SPELLED.get(piece["parts"]) == piece["surname"]
        if piece["parts"] and not known:
            continue
        if start < 0:
            cued = _SPELL_CUE.search(utterance.before(piece.start()))
            if not cued and (piece.start() or not known):
                continue
            start = piece.start()
        elif utterance.folded[end : piece.start()].strip(" ,，、"):
            break
        said = [piece["surname"]] if known else [*said, piece["said"] or piece["last"]]
        end = piece.end()
    if said:
        rest = _GIVEN.match(utterance.folded, end) if len(said) == 1 else None
        name = "".join(said) + (rest["given"] if rest else "")
        yield utterance.entity("person", name, start, rest.end() if rest else end)


#: What finds names, and characters of which it needs one.
_FINDERS: tuple[tuple[Callable[[Utterance], Iterator[Entity]], str], ...] = (
    (_spelled, "的" + "".join(sorted({parts[0] for parts in SPELLED}))),
    (_surname_first, "姓"),
    (_cued, "叫是为:名人客主成"),
    (_for_whom, "给帮替为把和跟与同"),
    (_owners, "的那"),
    (_claimed, "的0123456789"),
)
