"""Made-up values of every kind, as customers say them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from engine.speech.lexicon import words
from engine.speech.spoken.numbers import DIGITS, cardinal, spelled

_SEATS = "ABCDEFGHJKL"
_CODES = (
    "CA",
    "CZ",
    "MU",
    "HU",
    "ZH",
    "MF",
    "FM",
    "HO",
    "KN",
    "GS",
    "JD",
    "TV",
    "EU",
    "GJ",
    "SC",
    "3U",
    "9C",
)
_ROUND = (5, 10, 20, 30, 50, 60, 80, 100, 150, 200, 300, 500, 600, 800, 1000, 2000)
_UNITS = ("块", "块钱", "元", "块钱", "")
_DAYS = (
    "今天",
    "明天",
    "后天",
    "大后天",
    "今晚",
    "明早",
    "明晚",
    "下周",
    "周末",
    "月底",
    "国庆节",
    "春节",
    "元旦",
    "下个月",
)
_WEEKDAYS = "一二三四五六日天"
_PARTS = ("", "", "早上", "上午", "中午", "下午", "晚上", "凌晨")


class Values:
    """Draws values; the same seed draws the same."""

    def __init__(self, data: Path, random: Random) -> None:
        self._random = random
        tables = {path.stem: _names(path) for path in (data / "lexicons").glob("*.tsv")}
        self.cities = tables["cities"]
        self._airports = tables["airports"]
        self.airlines = tables["airlines"]
        lists = data / "lexicons" / "surnames.txt", data / "speech" / "given_names.txt"
        self._surnames, self._given = (list(words.listed_in(path)) for path in lists)
        self.kinds: dict[str, Callable[[], str]] = {
            "phone": self.phone,
            "flight": self.flight,
            "date": self.date,
            "time": self.time,
            "seat": self.seat,
            "money": self.money,
            "code": self.code,
            "person": self.person,
            "surname": self.surname,
            "city": self.city,
            "airport": self.airport,
            "airline": self.airline,
            "id_number": self.id_number,
            "order_no": self.order_no,
            "digits": self.digits,
            "digits4": self.digits4,
            "digit": self.digit,
            "number": self.number,
        }

    def _some(self, choices: list[str] | tuple[str, ...] | str) -> str:
        # The front of a table holds what is asked for most.
        if len(choices) > 50 and self._random.random() < 0.5:
            return choices[int(len(choices) * self._random.random() ** 3)]
        return self._random.choice(choices)

    def _one(self) -> str:
        return "幺" if self._random.random() < 0.65 else "一"

    def _drawn(self, count: int, start: str = "") -> str:
        digits = start + "".join(self._random.choice("0123456789") for _ in range(count))
        return spelled(digits, one=self._one())

    def phone(self) -> str:
        start = self._random.choice(("13", "13", "15", "17", "18", "18", "19", "16"))
        return self._drawn(9, start)

    def digits(self) -> str:
        return self._drawn(self._random.choice((3, 4, 6, 8, 10, 12, 13, 16)))

    def digits4(self) -> str:
        return self._drawn(4)

    def digit(self) -> str:
        return self._random.choice("一二三四五六七八九十两")

    def code(self) -> str:
        return self._drawn(self._random.choice((4, 6, 6)))

    def flight(self) -> str:
        digits = self._drawn(self._random.choice((3, 4, 4, 4)))
        if self._random.random() < 0.5:
            return self._some(self.airlines) + digits
        code = self._random.choice(_CODES)
        return "".join(DIGITS[int(mark)] if mark.isdigit() else mark for mark in code) + digits

    def id_number(self) -> str:
        area = self._random.choice(("11", "12", "31", "32", "33", "37", "44", "42", "51", "61"))
        birth = f"{self._random.randrange(1950, 2015)}{self._random.randrange(1, 13):02}"
        digits = (
            f"{area}{self._random.randrange(10**4):04}{birth}{self._random.randrange(1, 29):02}"
        )
        last = self._random.choice(("", "", "X"))
        return self._drawn(4 if not last else 3, digits) + last

    def order_no(self) -> str:
        if self._random.random() < 0.5:
            return self._drawn(self._random.choice((6, 10, 12, 13)))
        marks = (self._random.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(6))
        return "".join(DIGITS[int(mark)] if mark.isdigit() else mark for mark in marks)

    def seat(self) -> str:
        row = cardinal(self._random.randrange(1, 66))
        gap = self._random.choice(("排", "排", ""))
        return row + gap + self._random.choice(_SEATS) + self._random.choice(("", "", "座"))

    def money(self) -> str:
        if self._random.random() < 0.6:
            number = self._random.choice(_ROUND)
        else:
            number = self._random.randrange(1, 2000)
        said = cardinal(number, two=self._random.choice("二两")) + self._random.choice(_UNITS)
        fraction = self._random.random() < 0.1
        return said + (self._random.choice(DIGITS[1:]) if fraction and said[-1] == "块" else "")

    def number(self) -> str:
        return cardinal(self._random.randrange(1, 1000))

    def date(self) -> str:
        day = f"{cardinal(self._random.randrange(1, 32))}{self._random.choice('号号日')}"
        week = self._random.choice(("周", "星期", "礼拜")) + self._random.choice(_WEEKDAYS)
        month = f"{cardinal(self._random.randrange(1, 13))}月{day}"
        next_week = self._random.choice(("下", "这", "本", "下个", "")) + week
        return self._random.choice((self._random.choice(_DAYS), day, month, month, next_week))

    def time(self) -> str:
        hour = self._random.randrange(1, 24)
        said = self._random.choice(_PARTS) + ("两" if hour == 2 else cardinal(hour)) + "点"
        minute = self._random.randrange(1, 60)
        spoken = ("零" if minute < 10 else "") + cardinal(minute)
        return said + self._random.choice(
            ("", "", "半", "钟", "一刻", spoken, spoken + "分", "左右")
        )

    def person(self) -> str:
        given = self._some(self._given)
        if len(given) == 1 and self._random.random() < 0.5:
            given += self._random.choice(self._given)[0]
        return self.surname() + given

    def surname(self) -> str:
        return self._some(self._surnames)

    def city(self) -> str:
        return self._some(self.cities)

    def airport(self) -> str:
        return self._some(self._airports)

    def airline(self) -> str:
        return self._some(self.airlines)


def _names(path: Path) -> list[str]:
    names: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        _, name, aliases = line.split("\t")
        names += [each for each in (name, *aliases.split("|")) if words.is_word(each)]
    return names
