"""What a personal name looks like: surnames, mere words that begin like one, spelled characters."""

from __future__ import annotations

import re
from functools import cache

from engine import assets
from engine.nlu.grammar.fold import fold

#: Relatives and acquaintances, whose names are told with what they are.
KIN = (
    "爸爸|妈妈|爸|妈|父亲|母亲|老公|老婆|爱人|丈夫|妻子|儿子|女儿|爷爷|奶奶|哥哥|姐姐|弟弟|妹妹|"
    "同事|朋友|同学|领导|老板"
)
#: What joins names.
AND = re.compile(r"\s?(?:和|、|与|跟|及|以及|还有|,|，|\s)\s?(?:乘客|旅客|另一位|一个)?")
#: How people are addressed, after a surname.
TITLE = re.compile(r"[总哥姐姨叔婶妈爸爷奶]$|先生|女士|小姐|老师|经理|师傅|阿姨|大夫|医生|主任")
#: Characters that given names do not have.
NEVER = re.compile("[的了吗么呢是在这那我你他她要不什怎哪几去请问吧啊呀哦咯喽啦嘛得把]")
#: Surnames that mostly are ordinary words: they count after 我叫, not elsewhere.
DOUBTFUL = frozenset("都全应来和成时连边解强单常官原位商班伏付查卡代向关车欧哈别莫")
#: How surnames are taken apart in speech; several ways of saying one are usual.
SPELLED = {
    **dict.fromkeys(("弓长",), "张"),
    **dict.fromkeys(("立早",), "章"),
    **dict.fromkeys(("木子",), "李"),
    **dict.fromkeys(("口天",), "吴"),
    **dict.fromkeys(("耳东",), "陈"),
    **dict.fromkeys(("三横一竖", "三横一竖的"), "王"),
    **dict.fromkeys(("文刀",), "刘"),
    **dict.fromkeys(("草头", "大肚"), "黄"),
    **dict.fromkeys(("双人", "双人旁", "双立人"), "徐"),
    **dict.fromkeys(("言午",), "许"),
    **dict.fromkeys(("古月",), "胡"),
    **dict.fromkeys(("双木",), "林"),
    **dict.fromkeys(("木易",), "杨"),
    **dict.fromkeys(("干勾", "干钩"), "于"),
    **dict.fromkeys(("人未",), "余"),
    **dict.fromkeys(("人可", "单人"), "何"),
    **dict.fromkeys(("禾口王", "禾呈"), "程"),
    **dict.fromkeys(("草重", "千里草"), "董"),
    **dict.fromkeys(("西早", "言西早"), "谭"),
    **dict.fromkeys(("关耳",), "郑"),
    **dict.fromkeys(("走肖",), "赵"),
    **dict.fromkeys(("二马", "两点马"), "冯"),
    **dict.fromkeys(("足各",), "路"),
    **dict.fromkeys(("双口",), "吕"),
    **dict.fromkeys(("禾子",), "季"),
    **dict.fromkeys(("西贝",), "贾"),
    **dict.fromkeys(("四夕",), "罗"),
    **dict.fromkeys(("委鬼",), "魏"),
    **dict.fromkeys(("女良",), "娘"),
    **dict.fromkeys(("美女",), "姜"),
    **dict.fromkeys(("丘山",), "岳"),
    **dict.fromkeys(("草头方",), "芳"),
}
_TAKEN_APART = "|".join(sorted(SPELLED, key=len, reverse=True))
_HAN = r"[\u4e00-\u9fff]"
_CHAR = r"(?!的)[\u4e00-\u9fff]"
#: 弓长张, 立早章的章, 建设的建.
SPELLED_PIECE = re.compile(
    rf"(?:(?P<parts>{_TAKEN_APART})(?P<surname>[\u4e00-\u9fff])(?:的(?P=surname))?"
    rf"|{_CHAR}{{1,3}}?(?P<last>{_CHAR}){_CHAR}{{0,2}}?的(?P=last)(?:字)?"
    rf"|(?P<said>{_CHAR}){_CHAR}{{1,3}}?的(?P=said)(?:字)?)"
)
#: Characters that write Uyghur and Kazakh names, and the dot between their parts.
_FOREIGN = (
    "阿艾爱安巴比伯波布迪多尔法斐夫哈赫霍吉加江杰喀卡开凯克库拉莱力丽利玛马买麦曼米姆"
    "穆娜奈尼努帕皮普其恰热萨赛沙山苏塔提吐图瓦乌吾西希孜扎再则祖伊衣依亚雅叶古兰合别"
    "那木洪娅汗汉肉"
)
FOREIGN_NAME = re.compile(
    rf"[{_FOREIGN}]{{3,10}}(?:[·•.][{_FOREIGN}]{{2,10}})?|[\u4e00-\u9fff]{{2,10}}[·•][\u4e00-\u9fff]{{"
    rf"2,12}}"
)


@cache
def surnames() -> frozenset[str]:
    """Surnames of one and of more characters, folded."""
    return frozenset(map(fold, _lines("surnames.txt")))


@cache
def _not_names() -> frozenset[str]:
    return frozenset(map(fold, _lines("not_names.txt")))


def surname_of(folded: str) -> str:
    """The surname a text begins with, the longest one, or nothing."""
    known = surnames()
    return next((folded[:n] for n in (4, 2, 1) if folded[:n] in known and len(folded) > n), "")


def fits(name: str) -> bool:
    """Whether a text is a surname and one or two more characters, and no ordinary word."""
    surname = surname_of(name)
    given = name[len(surname) :]
    if not surname or surname in DOUBTFUL or len(set(name)) == 1:
        return False
    if not re.fullmatch(rf"{_HAN}{{1,2}}", given) or given[-1] in "哈啦呗哟" or TITLE.search(name):
        return False
    return not is_word(name) and not NEVER.search(given)


def is_word(folded: str) -> bool:
    """Whether a name-like text is an ordinary word, or begins with one."""
    words = _not_names()
    return any(folded[:n] in words for n in range(2, len(folded) + 1))


def _lines(name: str) -> list[str]:
    return (assets.data() / "lexicons" / name).read_text("utf-8").split()
