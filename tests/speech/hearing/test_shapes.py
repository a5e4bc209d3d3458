"""Whole numbers among what is heard."""

from __future__ import annotations

import pytest

from engine.speech.hearing.shapes import holds_whole, most_hypotheses, shapes_of


@pytest.mark.parametrize(
    ("text", "kind", "whole"),
    [
        ("幺三八幺二三四五六七八", "phone", True),
        ("一三八洞洞两三四拐八勾", "phone", True),
        ("给幺三八幺二三四五六七八充五十", "phone", True),
        ("幺三八幺二三四五六七", "phone", False),
        ("幺三八幺二三四五六七八九", "phone", False),
        ("幺二八幺二三四五六七八", "phone", False),
        ("五十块", "phone", False),
        ("幺三八幺二三四五六七八", "id_number", False),
        ("幺幺零幺零幺幺九九零零三零七零零零三", "id_number", True),
        ("身份证是幺幺零幺零幺幺九九零零三零七零零零三", "id_number", True),
        ("幺幺零幺零幺幺九九零零三零七零零零四", "id_number", False),
        ("幺幺零幺零五幺九四九幺二三幺零零二艾克斯", "id_number", True),
        ("幺幺零幺零五幺九四九幺三三幺零零二艾克斯", "id_number", False),
        ("幺三八幺二三四五六七八", "money", False),
        ("我要十二排A座", "seat", True),
        ("三十一C", "seat", True),
        ("五A还有没有", "seat", True),
        ("我要十排座", "seat", False),
        ("十二A三", "seat", False),
        ("十二Z", "seat", False),
        ("订单号是PL三W九X", "order_no", True),
        ("QB五N二V吧", "order_no", True),
        ("PL三W九", "order_no", False),
        ("二五三七八九", "order_no", False),
    ],
)
def test_a_whole_number_is_told_from_a_part_of_one(text: str, kind: str, whole: bool) -> None:
    assert holds_whole(text, shapes_of([kind])) is whole


def test_more_hypotheses_are_kept_where_a_whole_number_is_looked_for() -> None:
    assert most_hypotheses(shapes_of(["phone"])) > most_hypotheses(shapes_of(["money"]))


def test_an_open_question_may_be_answered_with_a_number_of_any_shape() -> None:
    assert holds_whole("给幺三八幺二三四五六七八充五十", shapes_of([]))
    assert holds_whole("身份证是幺幺零幺零幺幺九九零零三零七零零零三", shapes_of([]))


def test_seats_and_references_are_leant_towards_only_where_they_are_asked_for() -> None:
    assert not holds_whole("我要十二排A座", shapes_of([]))
    assert not holds_whole("QB五N二V", shapes_of(["seat"]))
