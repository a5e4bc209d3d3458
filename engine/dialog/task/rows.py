"""Which row is meant that was named before the rows were known, or instead of the one chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from engine.dialog.choices.apiece import apiece
from engine.dialog.choices.foretold import (
    KEPT,
    anew,
    by_its_name,
    foretold,
    has,
    named_beside,
    outermost_at_first,
    person_before,
    told,
    without_chosen,
    without_new,
    without_title,
)
from engine.dialog.choices.naming import (
    every_named,
    lists_several,
    named_by,
    named_instead,
)
from engine.dialog.choices.sparing import given_up, spared
from engine.dialog.choices.together import spoken_of
from engine.dialog.reading.labels import names_two
from engine.dialog.reading.vocabulary import meanings
from engine.dialog.scripts.parts import Options
from engine.dialog.scripts.phrases import Phrases
from engine.dialog.state.session import Filled, Offer, Value
from engine.dialog.state.sheet import Sheet, needs
from engine.dialog.state.step import Acts
from engine.dialog.task.asking import Asking
from engine.nlu.parse import Entity


class Rows:
    """The rows of one task's slots against what the customer said, for the length of one turn."""

    def __init__(self, sheet: Sheet, asking: Asking, *, acts: Acts, phrases: Phrases) -> None:
        self._sheet = sheet
        self._asking = asking
        self._acts = acts
        self._phrases = phrases
        self._heard: tuple[str, tuple[Entity, ...]] = ("", ())

    def listen(self, text: str, entities: tuple[Entity, ...], *, anew: bool) -> None:
        """Let an answer choose among rows that are looked up now or later.

        ``anew``: what was said before it was about another value.
        """
        self._heard = (text, entities)
        before = [] if anew else self._sheet.task.heard
        self._sheet.task.heard = [*before, text][-KEPT:]

    def entities_of(self, text: str) -> Sequence[Entity]:
        """The values in a message, where it is the one that was said last."""
        said, entities = self._heard
        return entities if said == text else ()

    def ignore(self) -> None:
        """Forget what was said so far: it was about a value that is refused."""
        self._sheet.task.heard.clear()
        self._heard = ("", ())

    def person(self, name: str) -> str:
        """The name for a slot that was said before anybody was asked for it."""
        return person_before(self._sheet, name, self._heard[0], self._acts.now)

    def choice_at_first(self, name: str) -> str:
        """The fixed choice that the opener means by comparing: 「给我充最低的那档」."""
        if not self._opener_holds(name):
            return ""
        choices = self._sheet.script.slots[name].choices
        offers = [Offer(name, choice.value, choice.label) for choice in choices]
        best = outermost_at_first(offers, self._sheet.task.opener, fewest=1)
        return best[0].value if len(best) == 1 else ""

    def meant_before(self, name: str) -> str:
        """The value of words that stood for nothing when they were said: 全部 of an unknown sum."""
        script, task = self._sheet.script, self._sheet.task
        if not script.slots[name].means or name in (*task.asked, *task.corrected):
            return ""
        names, said = self._sheet.names(), dict.fromkeys([*reversed(task.heard), task.opener])
        found = (dict(meanings(text, script, task, names, {})).get(name) for text in said)
        return next((str(meant.value) for meant in found if meant), "")

    def named(
        self, name: str, offers: tuple[Offer, ...], arguments: Mapping[str, Any]
    ) -> tuple[Offer, ...]:
        """What the opener names, or after it the one row that is all that was asked with.

        Else the one that is named by the answer with which it is looked up.
        """
        opener = self._told(self._sheet.task.opener, offers, name)
        with_ = needs(self._sheet.script.slots[name]) | {name}
        if name not in self._sheet.task.asked and with_.isdisjoint(self._sheet.task.corrected):
            offers = tuple(named_beside(offers, self._sheet.task.opener, self._sheet.script.title))
        if self._opener_holds(name):
            begun = (opener, self._phrases.dayparts, self.entities_of(self._sheet.task.opener))
            gone = given_up(offers, *begun, title=self._sheet.script.title)
            spares = gone or spared(offers, *begun)
            if not spares and self._lists_several(opener, offers):
                return offers
            wanted = spares or named_by(opener, offers, self._phrases.dayparts)
            offers = tuple(wanted)
        if len(offers) > 1:
            given = {key: value for key, value in arguments.items() if value}
            fitting = [o for o in offers if o.row and has(o.row, given)]
            offers = tuple(fitting) if len(fitting) == 1 else offers
        if len(offers) == 1 or any(offer.row is None for offer in offers):
            return offers
        (text, entities), dayparts = self._heard, self._phrases.dayparts
        said = self._told(text, offers, name)
        left = [each for each in entities if said[each.start : each.end] == each.text]
        one = told(offers, said, left, dayparts)
        if one is None and name not in self._sheet.task.asked:
            before = [self._told(each, offers, name) for each in reversed(self._sheet.task.heard)]
            one = foretold(offers, before, dayparts, self._acts.now)
        if one is None and self._is_first(name):
            best = outermost_at_first(offers, self._sheet.task.opener)
            one = best[0] if len(best) == 1 else None
        return (one,) if one else offers

    def _lists_several(self, opener: str, offers: Sequence[Offer]) -> bool:
        """Whether the opener names more than one row, or kind of rows, with an and between them."""
        return (
            lists_several(opener, offers)
            or names_two(opener, self._sheet.script)
            or bool(apiece(offers, opener, (), self._phrases.dayparts))
        )

    def _told(self, text: str, offers: Sequence[Offer], name: str) -> str:
        """What a message says of rows: what began the task also says what is to be done.

        What something is changed to names no row but those that are looked up with it.
        """
        task = self._sheet.task
        if text != task.opener:
            return text
        text = without_chosen(text, self._chosen(), offers)
        taken = {n: str(each.said) for n, each in task.slots.items() if not each.row}
        text = without_title(text, self._sheet.script.title)
        if not needs(self._sheet.script.slots[name]).isdisjoint(taken):
            return text
        return without_new(text, taken.values(), self._acts.now)

    def _chosen(self) -> list[str]:
        """The labels of the fixed choices that were made."""
        slots, filled = self._sheet.script.slots, self._sheet.task.slots
        return [
            choice.label
            for name, each in filled.items()
            for choice in (slots[name].choices if name in slots else ())
            if choice.value == each.said
        ]

    def several_at_first(self, name: str, offers: Sequence[Offer]) -> list[Offer]:
        """The rows of a list that the opener names: 「三体续借」."""
        if name in self._sheet.task.asked:
            return []
        opener = self._sheet.task.opener
        return every_named(opener, offers) or spoken_of(offers, self._told(opener, offers, name))

    def _is_first(self, name: str) -> bool:
        """Whether the opener may compare these rows: none others were chosen before them."""
        slots, filled = self._sheet.script.slots, self._sheet.task.slots
        chosen = any(slots[other].options for other in filled if other in slots)
        return self._opener_holds(name) and not chosen

    def as_before(self, name: str, offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
        """The row that was chosen before what it depends on has changed, where it is the same."""
        before = self._sheet.task.left.pop(name, None)
        options = self._sheet.script.slots[name].options
        if len(offers) < 2 or before is None or before.row is None or options is None:
            return offers
        (old,) = self._asking.offers(name, [before.row], options.value, options.label)
        same = [offer for offer in offers if offer.label == old.label]
        return tuple(same) if len(same) == 1 else offers

    async def named_anew(
        self, text: str, entities: tuple[Entity, ...], *, loosely: bool
    ) -> Offer | None:
        """Another row than the one that was chosen, which is named now; the last slot first."""
        dayparts = self._phrases.dayparts
        for name, slot in reversed(self._sheet.script.slots.items()):
            filled = self._sheet.task.slots.get(name)
            if slot.is_list or filled is None or not filled.value:
                continue
            if slot.options is None:
                # 「场次改到下午」 of 下午场.
                labels = [Offer(name, each.value, each.label) for each in slot.choices]
                one = by_its_name(labels, slot.called, text, entities, dayparts)
                if one and one.value != filled.value:
                    return one
                continue
            for narrowing in self._narrowing(name):
                offers = await self._offers(name, slot.options, but=narrowing)
                one = by_its_name(offers, slot.called, text, entities, dayparts)
                one = one or anew(
                    offers, text, entities, filled.value, dayparts if loosely else None
                )
                if one and one.value != filled.value:
                    self._forget(narrowing)
                    return one
        return None

    async def beside(self) -> list[Offer]:
        """The rows among which one was chosen, whatever told which; nothing where none was."""
        for name, slot in reversed(self._sheet.script.slots.items()):
            filled = self._sheet.task.slots.get(name)
            if slot.options is not None and not slot.is_list and filled is not None and filled.row:
                return list(await self._offers(name, slot.options, but=self._narrowing(name)[-1]))
        return []

    async def another(self, name: str, text: str, entities: tuple[Entity, ...]) -> Offer | None:
        """The row of an open question that words name among all that there are."""
        options = self._sheet.script.slots[name].options
        if options is None:
            return None
        offers = await self._offers(name, options)
        return told(offers, text, entities, self._phrases.dayparts)

    def _narrowing(self, name: str) -> list[set[str]]:
        """What rows are looked up without: nothing, then what nobody asks for and one was told by.

        「改成早上那班」 of the flight that was named by its number is another one.
        """
        slots, filled = self._sheet.script.slots, self._sheet.task.slots
        told = needs(slots[name]) & slots.keys() - {name}
        narrowing = {other for other in told if other in filled and not slots[other].ask}
        return [set(), narrowing] if narrowing else [set()]

    def _forget(self, narrowing: set[str]) -> None:
        """Drop what only told the row that is given up; what depends on the row goes with it."""
        for name in narrowing:
            self._sheet.task.slots.pop(name)

    async def regrouped(self, text: str, *, adding: bool, dropping: bool) -> dict[str, Value]:
        """The list that is complete and that a row is added to, or taken from; else nothing.

        Where values are known by name they are read like any others.
        """
        for name, slot in self._sheet.script.slots.items():
            filled = self._sheet.task.slots.get(name)
            chosen = filled.said if filled and filled.value else None
            if slot.options is None or slot.known or not slot.many or not isinstance(chosen, list):
                continue
            offers = await self._offers(name, slot.options)
            there = [offer for offer in offers if offer.value in chosen]
            gone = [offer.value for offer in spoken_of(there, text)] if dropping else []
            more = [offer.value for offer in spoken_of(offers, text)] if adding else []
            now = [value for value in dict.fromkeys((*chosen, *more)) if value not in gone]
            if now and now != chosen:
                return {name: now}
        return {}

    async def _offers(
        self, name: str, options: Options, *, but: Collection[str] = ()
    ) -> tuple[Offer, ...]:
        """The rows of a slot as they are now, looked up without some values that were told."""
        asked = self._sheet.arguments(options.arguments, said=None, **dict.fromkeys(but))
        rows = await self._acts.query(self._sheet.script.query_of(options.query), asked)
        return self._asking.offers(name, rows, options.value, options.label)

    def named_instead(
        self, name: str, filled: Filled, offers: Sequence[Offer]
    ) -> tuple[Offer, ...]:
        """What the opener names beside a word for all of them, before anything was settled."""
        settled = filled.value is not None or not self._opener_holds(name)
        if settled or not isinstance(filled.said, str):
            return ()
        other = named_instead(self._sheet.task.opener, offers, filled.said)
        return (other,) if other else ()

    def _opener_holds(self, name: str) -> bool:
        """Whether the words that began the task may still choose: nothing was told anew."""
        task, asked_with = self._sheet.task, needs(self._sheet.script.slots[name])
        return (asked_with | {name}).isdisjoint((*task.asked, *task.corrected))
