"""Latin letters as a speech recogniser writes them down in Hanzi."""

from __future__ import annotations

_HEARD = {
    "A": "诶 欸 哎 唉 挨 埃 ei",
    "B": "比 必 币 笔 毕 碧",
    "C": "西 希 吸 细 塞 夕 惜",
    "D": "迪 弟 帝 滴 底 蒂",
    "E": "伊 衣 易 依",
    "F": "艾弗 艾夫 爱夫 爱福 哎夫 埃夫 艾福 诶夫 诶弗",
    "G": "基 鸡 记 吉 季 寄",
    "H": "艾尺 爱吃 诶尺 艾曲 爱曲 诶曲 爱去 艾去 诶吃",
    "J": "杰 街 接 阶 捷 借",
    "K": "开 凯 克 楷",
    "L": "艾勒 爱乐 爱喽 艾欧 诶喽 哎喽",
    "M": "艾姆 爱姆 爱母 哎姆 埃姆 艾木 诶姆",
    "N": "恩 嗯 摁",
    "O": "欧 偶 噢",
    "P": "皮 批 屁 披",
    "Q": "丘 扣 秋 球 Q",
    "R": "阿尔 阿儿 啊",
    "S": "艾斯 爱思 埃斯 艾丝 爱死",
    "T": "提 踢 梯 题",
    "U": "优 油 由 悠 有 又 尤",
    "V": "维 微 威 v",
    "X": "艾克斯 埃克斯 爱克斯",
    "Y": "外 歪",
    "Z": "贼 贼的 兹 则 zei 贼德",
}
#: Spoken form → letter, the longer forms first.
LETTERS: dict[str, str] = dict(
    sorted(
        ((form.upper(), letter) for letter, forms in _HEARD.items() for form in forms.split()),
        key=lambda pair: -len(pair[0]),
    )
)
LETTERS.update({letter: letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})


def letter_pattern(letters: str) -> str:
    """A regular expression without groups for any of the letters, written or spoken."""
    return "(?:" + "|".join(form for form, letter in LETTERS.items() if letter in letters) + ")"
