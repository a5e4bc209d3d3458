"""What templates and expressions of a script can do, and what they cannot."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dialog.errors import WordsError
from engine.dialog.wording import words
from engine.dialog.wording.filters import mask
from engine.dialog.wording.picked import Picked

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=timezone(timedelta(hours=8)))


def names(**more: Any) -> dict[str, Any]:
    return {
        "now": NOW,
        "member": {"name": "张三"},
        "amount": Picked("120", {"price": "118.5", "operator": "移动"}),
        **more,
    }


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812345678", "138****5678"),
        ("11010119900307002X", "110101********002X"),
        ("02088888888", "020****8888"),
        ("95588", "9****"),
        ("1", "1"),
        ("", ""),
    ],
)
def test_numbers_are_masked_in_the_middle(number: str, masked: str) -> None:
    assert mask(number) == masked


@given(st.text(st.characters(categories=["Nd"]), min_size=8, max_size=30))
def test_a_mask_hides_at_least_one_character_and_keeps_the_length(number: str) -> None:
    masked = mask(number)
    assert len(masked) == len(number)
    assert "*" in masked


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2026-11-23", "11月23日（今天）"),
        ("2026-11-24", "11月24日（明天）"),
        ("2026-11-25T08:30", "11月25日（后天）"),
        ("2026-11-22", "11月22日（昨天）"),
        ("2026-11-27", "11月27日（周五）"),
        ("2027-01-03", "1月3日（周日）"),
        ("soon", "soon"),
        (None, ""),
    ],
)
def test_a_day_is_said_as_customers_say_it(date: str | None, said: str) -> None:
    assert words.say("{{ date|day }}", names(date=date)) == said


@pytest.mark.parametrize(
    ("value", "said"), [("2026-11-24T08:05", "08:05"), ("noon", "noon"), (None, "")]
)
def test_a_clock_is_the_time_of_a_moment(value: str | None, said: str) -> None:
    assert words.say("{{ value|clock }}", names(value=value)) == said


def test_a_list_is_joined_and_what_is_no_list_is_left_out() -> None:
    assert words.say("{{ near|listed }}", names(near=["30", "50"])) == "30、50"
    assert words.say("{{ near|listed }}", names(near=None)) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ amount }}", "120"),
        ("{{ amount.price }}元", "118.5元"),
        ("{{ amount.colour }}", ""),
        ("{{ nobody.knows.this }}", ""),
        ("{{ nobody|day }}{{ nobody|mask }}", ""),
        ("{% if amount > 100 %}多{% else %}少{% endif %}", "多"),
        ("{% if amount == '120' %}是{% endif %}", "是"),
        ("{% if amount in ['30', '120'] %}有{% endif %}", "有"),
        ("{{ amount|int + 1 }}", "121"),
        ("{{ amount.price|float / 2 }}", "59.25"),
        ("{{ amount|length }}", "3"),
        ("{{ amount[:2] }}", "12"),
        ("{{ '2' in amount }}", "True"),
        ("{% for n in [1, 2] %}{{ n * 2 }}{% endfor %}", "24"),
        ("{{ member.name }}", "张三"),
        ("{{ 2 * {'30': 5}[amount] }}", ""),
        ("{{ amount > 120.0 }}{{ amount >= 120.0 }}{{ amount == 120.0 }}", "FalseTrueTrue"),
        ("{{ member.name == 120.0 }}", "False"),
    ],
)
def test_a_slot_is_text_a_number_and_a_row(text: str, said: str) -> None:
    assert words.say(text, names()) == said


@pytest.mark.parametrize(
    "text",
    [
        "{{ amount.__class__.__mro__ }}",
        "{{ amount._row }}",
        "{{ amount['_row'] }}",
        "{{ amount|attr('_row') }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ member.__init__.__globals__ }}",
        "{{ now.__reduce__ }}",
        "{{ member.get.__self__ }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ self._TemplateReference__context }}",
    ],
)
def test_a_template_reaches_nothing_behind_its_names(text: str) -> None:
    try:
        said = words.say(text, names())
    except WordsError:
        return
    assert said == ""


def test_a_template_changes_nothing() -> None:
    rows = [{"dish": "炒饭"}]
    for text in ("{{ rows.append(1) }}", "{{ rows.clear() }}", "{{ rows[0].update(dish='') }}"):
        with pytest.raises(WordsError):
            words.say(text, names(rows=rows))
    assert rows == [{"dish": "炒饭"}]


@pytest.mark.parametrize(
    "text",
    [
        "{% for i in range(100000) %}{% endfor %}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 'x' * 1000000000 }}",
        "{{ [0] * 1000000000 }}",
        "{{ lipsum(n=1000000) }}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
        "{% include 'other' %}",
        "{% import 'os' as os %}",
    ],
)
def test_a_template_cannot_run_away(text: str) -> None:
    with pytest.raises(WordsError):
        words.say(text, names())


def test_what_a_customer_said_is_never_a_template() -> None:
    said = Picked("{{ member.name }}", None)
    assert words.say("您说{{ said }}", names(said=said)) == "您说{{ member.name }}"


def test_an_expression_gives_plain_values_for_the_business() -> None:
    assert words.evaluate("amount", names()) == "120"
    assert words.evaluate("amount.price", names()) == "118.5"
    assert words.evaluate("nobody.phone", names()) is None
    assert words.evaluate("not member", names()) is False


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("amount > coin.limit", False),
        ("count < coin.limit", True),
        ("coin.limit > 5", True),
        ("coin.limit == 10 and coin.limit == '10'", True),
        ("coin.fee >= coin.limit", True),
        ("coin.day < '2026-11-10'", True),
        ("rows|map(attribute='price')|max", "10"),
        ("rows|sort(attribute='price')|map(attribute='price')|list", ["9", "10"]),
        ("skipped < 5 or skipped > 5", False),
    ],
)
def test_columns_that_are_numbers_compare_as_numbers(text: str, value: object) -> None:
    told = {
        "amount": Picked("9", {}),
        "count": Picked("9", {}),
        "coin": Picked("c1", {"limit": "10", "fee": "10.0", "day": "2026-11-02"}),
        "rows": [{"price": "9"}, {"price": "10"}],
        "skipped": Picked("无", {}),
    }
    assert words.evaluate(text, told) == value


def test_a_failing_text_names_itself() -> None:
    with pytest.raises(WordsError, match="amount - 1"):
        words.evaluate("amount - 1", names())


def test_the_names_and_columns_of_a_text_are_known_without_running_it() -> None:
    text = "{% for f in rows %}{{ f.date }}{{ booking.date|day }}{% endfor %}"
    assert words.names_in(text) == {"rows", "booking"}
    assert ("booking", "date") in words.columns_in(text)
    assert words.names_in("a or b.c", expression=True) == {"a", "b"}


@pytest.mark.parametrize("text", ["{{ a", "{{ a|nofilter }}", "{% if a %}"])
def test_a_text_that_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(jinja2.TemplateSyntaxError):
        words.demand(text)


@pytest.mark.parametrize("text", ["a b", "a }}{{ b", "a|nofilter", ""])
def test_an_expression_that_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(jinja2.TemplateSyntaxError):
        words.demand(text, expression=True)
