"""What a personal name looks like: surnames, mere words that begin like one, spelled characters."""

from __future__ import annotations

import re
from functools import cache

from engine import assets
from engine.nlu.grammar.fold import fold

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


def is_word(folded: str) -> bool:
    """Whether a name-like text is an ordinary word, or begins with one."""
    words = _not_names()
    return any(folded[:n] in words for n in range(2, len(folded) + 1))


def _lines(name: str) -> list[str]:
    return (assets.data() / "lexicons" / name).read_text("utf-8").split()
