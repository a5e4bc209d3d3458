"""Brings the many ways of writing one character to one way, without moving any position."""

from __future__ import annotations

_TRADITIONAL = str.maketrans(
    "兩點號塊錢萬億貳參陸後個張機訂單證間過週禮節時鐘開無從給辦選門邊國東廈龍華長聯電話碼費還這對應"
    "會來農曆臘陽聖誕慶勞動兒婦頭數圓專員預縣臺雙鄉處銀視業黃陳劉楊趙吳馬孫許鄭馮鄧蕭葉蘇呂蔣賈韋鄒"
    "閻譚廖賴龔嚴賀顧龐倫請麼廳場訊書為與離嗎鋪將幫離飛確認題問錯謝換",
    "两点号块钱万亿贰叁陆后个张机订单证间过周礼节时钟开无从给办选门边国东厦龙华长联电话码费还这对应"
    "会来农历腊阳圣诞庆劳动儿妇头数圆专员预县台双乡处银视业黄陈刘杨赵吴马孙许郑冯邓萧叶苏吕蒋贾韦邹"
    "阎谭廖赖龚严贺顾庞伦请么厅场讯书为与离吗铺将帮离飞确认题问错谢换",
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_UPPER = {ord(lower): ord(lower.upper()) for lower in "abcdefghijklmnopqrstuvwxyz"}
_WIDE_UPPER = {wide: _UPPER.get(narrow, narrow) for wide, narrow in _WIDE.items()}
_MARKS = {ord("\u3000"): " ", ord("￥"): "¥", ord("×"): "X", ord("〇"): "零", ord("○"): "零"}
_TABLE: dict[int, int | str] = {**_TRADITIONAL, **_UPPER, **_WIDE_UPPER, **_MARKS}


def fold(text: str) -> str:
    """Narrow, upper-case, simplified: one code point stays one code point.

    >>> fold("ｃａ１２３４　幾點")
    'CA1234 幾点'
    """
    return text.translate(_TABLE)
