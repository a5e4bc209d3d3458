"""Names of places, airlines and operators are found in what customers write, and nowhere else."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from pypinyin import lazy_pinyin, load_phrases_dict
from pypinyin.phrases_dict import phrases_dict

from engine import assets
from engine.nlu.errors import LexiconError
from engine.nlu.lexicon import Lexicon, read_polyphones
from engine.nlu.recognizer import Recognizer
from engine.nlu.sounds import syllables_of

LEXICONS = assets.data() / "lexicons"
NAMED = ("city", "airport", "airline", "operator")

PLACES = {
    "从上海到广州": "上海|广州",
    "飞成都的": "成都",
    "乌鲁木齐飞西双版纳": "乌鲁木齐|西双版纳",
    "浦东机场": "PVG",
    "虹桥": "SHA",
    "首都机场": "PEK",
    "大兴机场": "PKX",
    "呼和浩特": "呼和浩特",
    "哈尔滨到三亚": "哈尔滨|三亚",
    "去张家界": "张家界",
    "去魔都": "上海",
    "帝都飞羊城": "北京|广州",
    "蓉城回鹏城的票": "成都|深圳",
    "乌市到喀什": "乌鲁木齐|喀什",
    "北京大兴到深圳宝安": "PKX|SZX",
    "上海浦东国际机场": "PVG",
    "从浦东到虹桥": "PVG|SHA",
    "成都天府飞昆明长水": "TFU|KMG",
    "双流机场延误了吗": "CTU",
    "白云机场的登机口": "CAN",
    "萧山机场到咸阳机场": "HGH|XIY",
    "厦门高崎": "XMN",
    "我在新郑机场": "CGO",
    "江北机场": "CKG",
    "西安飞拉萨": "西安|拉萨",
    "武汉、长沙": "武汉|长沙",
    "PVG到SZX": "PVG|SZX",
    "到达州的航班": "达州",
    "去稻城亚丁机场": "DCY",
    "黄山机场": "TXN",
    "黄山市": "黄山",
    "去九寨沟玩": "九寨沟",
    "飞鄂尔多斯": "鄂尔多斯",
    "呼市到包头": "呼和浩特|包头",
    "汕头飞泰州": "汕头|泰州",
    "香港到澳门": "香港|澳门",
    "台北桃园机场": "TPE",
    "东京成田飞大阪关西": "NRT|KIX",
    "去首尔仁川": "ICN",
    "曼谷到普吉岛": "曼谷|普吉",
    "新加坡樟宜机场": "SIN",
    "巴厘岛": "巴厘岛",
    "马尔代夫": "马累",
    "伦敦希思罗": "LHR",
    "巴黎戴高乐机场": "CDG",
    "旧金山到洛杉矶": "旧金山|洛杉矶",
    "三藩市": "旧金山",
    "悉尼飞墨尔本": "悉尼|墨尔本",
    "迪拜转机": "迪拜",
    "廣州飛廈門": "广州|厦门",
    "查成都航班": "成都",
    "重庆北站": "重庆",
    "北京上海": "北京|上海",
    "齐齐哈尔到佳木斯": "齐齐哈尔|佳木斯",
    "飞加格达奇": "加格达奇",
    "揭阳潮汕机场": "SWA",
    "宿务": "宿务",
}

SPOKEN = {
    "广洲": "广州",
    "去北惊": "北京",
    "成渡": "成都",
    "三压": "三亚",
    "上嗨到杭粥": "上海|杭州",
    "哈而滨": "哈尔滨",
    "乌鲁木奇": "乌鲁木齐",
    "西双版那": "西双版纳",
}

NOTHING = [
    "程度",
    "背景",
    "伤害",
    "大理石台面",
    "阿里巴巴",
    "和田玉",
    "健康",
    "大同小异",
    "长治久安",
    "南京路",
    "延安路",
    "朝阳区",
    "等级",
    "会员",
    "can you help",
    "man",
    "订单HX5KCAN2",
    "13812310086",
]

OTHERS = {
    "坐东航": ("airline", "MU"),
    "中国国际航空公司": ("airline", "CA"),
    "春秋航空的": ("airline", "9C"),
    "中国移动的卡": ("operator", "移动"),
    "10086": ("operator", "移动"),
    "我是联通的": ("operator", "联通"),
    "电信卡": ("operator", "电信"),
    "中国广电": ("operator", "广电"),
}


def values(recognizer: Recognizer, text: str, now: datetime, *types: str) -> str:
    found = [e for e in recognizer.entities(text, now=now) if e.type in types]
    assert all(text[e.start : e.end] == e.text for e in found)
    return "|".join(str(e.value) for e in found)


@pytest.mark.parametrize("text", PLACES)
def test_places_are_found_by_name(recognizer: Recognizer, now: datetime, text: str) -> None:
    assert values(recognizer, text, now, "city", "airport") == PLACES[text]


@pytest.mark.parametrize("text", SPOKEN)
def test_a_city_found_by_its_sound_is_loose(
    recognizer: Recognizer, now: datetime, text: str
) -> None:
    assert values(recognizer, text, now, "city") == SPOKEN[text]
    strict = {e.strict for e in recognizer.entities(text, now=now) if e.type == "city"}
    assert strict == {False}


@pytest.mark.parametrize("text", NOTHING)
def test_words_that_only_look_or_sound_like_names_are_none(
    recognizer: Recognizer, now: datetime, text: str
) -> None:
    assert values(recognizer, text, now, *NAMED) == ""


@pytest.mark.parametrize("text", OTHERS)
def test_airlines_and_operators_are_found(recognizer: Recognizer, now: datetime, text: str) -> None:
    kind, value = OTHERS[text]
    assert values(recognizer, text, now, kind) == value


@pytest.mark.parametrize("frame", ["{}", "从{}出发", "飞{}的", "{}到北京", "订{}的票", "查{}航班"])
def test_every_place_is_found_in_a_sentence(
    recognizer: Recognizer, now: datetime, frame: str
) -> None:
    names = [n for n in Lexicon.read(LEXICONS).names if n.type in ("city", "airport")]
    lost = [
        name.text
        for name in names
        if not name.text.isascii()
        and name.value
        not in values(recognizer, frame.format(name.text), now, "city", "airport").split("|")
    ]
    assert lost == []


def test_the_tables_cover_what_customers_fly() -> None:
    names = Lexicon.read(LEXICONS).names
    count = {kind: len({n.value for n in names if n.type == kind}) for kind in NAMED}
    assert count["city"] >= 220
    assert count["airport"] >= 220
    assert count["airline"] >= 40
    assert count["operator"] == 4


def test_no_name_of_a_place_stands_for_two() -> None:
    meant: dict[str, set[str]] = {}
    for name in Lexicon.read(LEXICONS).names:
        if name.type in ("city", "airport"):
            meant.setdefault(name.text, set()).add(name.value)
    assert {text: values for text, values in meant.items() if len(values) > 1} == {}


@pytest.mark.parametrize(
    ("content", "line"),
    [("name\tcode\n", 1), ("", 1), ("code\tname\taliases\nBJS\t北京\n", 2), (None, 0)],
)
def test_a_wrong_table_is_named_by_file_and_line(
    tmp_path: Path, content: str | None, line: int
) -> None:
    if content is not None:
        (tmp_path / "cities.tsv").write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError) as caught:
        Lexicon.read(tmp_path)
    assert (caught.value.path, caught.value.line) == (tmp_path / "cities.tsv", line)


#: What pypinyin's words get wrong: 长乐 in Fuzhou is chang le.
MISREAD = {"福州长乐国际机场", "福州长乐机场", "福州长乐"}


def test_places_sound_as_the_words_in_them() -> None:
    load_phrases_dict(phrases_dict)
    lexicon = Lexicon.read(LEXICONS)
    places = {n.text for n in lexicon.names if n.type in ("city", "airport")}
    chinese = {text for text in places if not text.endswith("市") and not text.isascii()}
    wrong = {t for t in chinese if syllables_of(t, lexicon.readings) != lazy_pinyin(t)}
    assert wrong == MISREAD


def test_a_server_does_not_load_the_words_of_pypinyin() -> None:
    code = (
        "import engine.wiring, engine.speech.recognizer, sys\n"
        "sys.exit('pypinyin.phrases_dict' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("line", ["重庆", "重庆\tchong", "重庆 chong qing"])
def test_a_table_of_sounds_with_a_wrong_line_is_refused(tmp_path: Path, line: str) -> None:
    table = tmp_path / "polyphones.txt"
    table.write_text(f"word\tsyllables\n{line}\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"polyphones\.txt:2: a line is word TAB"):
        list(read_polyphones(table))
