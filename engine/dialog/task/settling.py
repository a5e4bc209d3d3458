"""Settling one slot: look up what was said for it, or find out what has to be asked first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from engine.business.provider import Refused, Row
from engine.dialog.reading import including, listing, names, neighbours, spoken
from engine.dialog.reading.including import Cues
from engine.dialog.scripts.closing import Does
from engine.dialog.scripts.parts import Handover, Options, Refusal, Refusals, Resolve
from engine.dialog.scripts.phrases import Phrases
from engine.dialog.scripts.script import Slot
from engine.dialog.state.session import Filled, Offer, Value, each_of
from engine.dialog.state.sheet import Sheet
from engine.dialog.state.step import Acts, Step
from engine.dialog.task.asking import Asking
from engine.dialog.task.refusing import Refusing
from engine.dialog.task.rows import Rows
from engine.dialog.wording import words
from engine.dialog.wording.picked import Several
from engine.nlu.parse import Entity


class Settling:
    """The slots of one task with the business that accepts them, for the length of one turn."""

    def __init__(self, sheet: Sheet, asking: Asking, *, acts: Acts, phrases: Phrases) -> None:
        self._sheet = sheet
        self._asking = asking
        self._acts = acts
        self._phrases = phrases
        self._refusing = Refusing(sheet, asking, phrases)
        self.rows = Rows(sheet, asking, acts=acts, phrases=phrases)

    async def _query(self, name: str, arguments: Mapping[str, Any]) -> list[Row]:
        return await self._acts.query(self._sheet.script.query_of(name), arguments)

    def _named_at_first(self, name: str, slot: Slot) -> Filled | None:
        """The values that the opener named already, before anybody knew the names.

        None where it named none, or none beside those that were understood at once.
        """
        opener, filled = self._sheet.task.opener, self._sheet.task.slots.get(name)
        if not slot.known or name in (*self._sheet.task.asked, *self._sheet.task.corrected):
            return None
        if filled is not None and (filled.value is not None or not slot.many):
            return None
        known = words.evaluate(slot.known, self._sheet.names()) or []
        said_so_far = list(filled.said) if filled else []
        # 「我和小雨」: who was said so far is nobody by name, and stays.
        beside = said_so_far if said_so_far and not {*said_so_far} & {*known} else []
        hits = list(names.known_in(opener, known, given="person" in slot.type))
        hits = self._without_neighbours(name, opener, hits)
        if not {*(hit.value for hit in hits), *beside} > {*said_so_far}:
            return None
        if hits and slot.many:
            hits += self._who_else(name, slot, opener, hits)
            hits.sort(key=lambda hit: hit.start)
        cues = Cues(self._phrases.add_cues, self._phrases.drop_cues).of(slot)
        said: Value = str(hits[0].value)
        if slot.many:
            named, _ = including.merged(name, hits, opener, self._sheet.task, cues)
            said = [*beside, *named]
        self._sheet.hold(name, said)
        return self._sheet.task.slots[name]

    def _who_else(self, name: str, slot: Slot, text: str, hits: list[Entity]) -> list[Entity]:
        """The customer, before a value of each, beside somebody by name: 「我12A，小雨12B」."""
        slots = self._sheet.script.slots.values()
        kinds = {kind for each in slots if each.each == name for kind in each.type}
        told = [entity for entity in self.rows.entities_of(text) if entity.type in kinds]
        named = {hit.start for hit in hits}
        found = spoken.pronouns(text, slot, told)
        return [each for each in found if each.value == "self" and each.end not in named]

    def _without_neighbours(self, name: str, text: str, hits: list[Entity]) -> list[Entity]:
        """Those who are on a list; beside whom they want to sit is what each of it wishes for."""
        beside = neighbours.besides(text, hits)
        for wish, slot in self._sheet.script.slots.items() if beside else ():
            is_open = wish not in self._sheet.task.slots and listing.TOGETHER in slot.words
            if slot.each == name and is_open:
                self._sheet.hold(wish, listing.TOGETHER)
        return [hit for hit in hits if hit not in beside]

    async def settle(self, name: str, slot: Slot) -> Step | None:
        """Settle one slot; a step when the customer has to say something first."""
        if slot.task is not None:
            return self._hand_over(name, slot.task)
        filled = self._named_at_first(name, slot) or self._sheet.task.slots.get(name)
        try:
            if slot.does is not None:
                return await self._do(name, slot.does)
            if slot.options is not None:
                return await self._list(name, slot.options, filled)
            if filled is None and (named := self.rows.person(name)):
                self._sheet.fill(name, named, named)
                return self._check(name)
            if filled is None and (
                best := self.rows.choice_at_first(name) or self.rows.meant_before(name)
            ):
                self._sheet.hold(name, best)
                filled = self._sheet.task.slots[name]
            if filled is None:
                return await self._asking.ask(name)
            if slot.is_list:
                return await self._gather(name, slot, filled)
            if slot.resolve is not None:
                return await self._resolve(name, slot.resolve, filled)
        except Refused as refused:
            call = slot.does or slot.options or slot.resolve
            return self.refuse(call.refused if call else {}, refused, name)
        self._sheet.fill(name, str(filled.said), str(filled.said))
        return self._check(name)

    def _hand_over(self, name: str, other: Handover) -> Step:
        """Let another script run; where it changed nothing the second time, this one ends."""
        task = self._sheet.task
        if name in task.asked:
            # 「我们接着办…」 is not true any more.
            self._asking.forget_notes()
            return self._asking.over(self._sheet.say(other.otherwise), reject="not_possible")
        task.asked.append(name)
        said = self._sheet.say(other.say)
        return self._asking.step(said, starts=other.start, instead=other.instead)

    async def _do(self, name: str, does: Does) -> Step | None:
        """Settle a slot with what an effect gives; each that was done has a key of its own."""
        arguments, key = self._sheet.arguments(does.arguments), self._sheet.task.key
        self._sheet.task.commits += 1
        row = await self._acts.perform(does, arguments, key)
        value = str(row[does.value])
        self._sheet.fill(name, value, value, row)
        return self._check(name)

    async def _gather(self, name: str, slot: Slot, filled: Filled) -> Step | None:
        """Settle a list, or ask for the rest of it."""
        places = listing.size(slot, self._sheet.task)
        said = listing.spread(filled.said, places) if slot.each else list(filled.said)
        if slot.each and len(said) > places:
            return self._too_many(name, said, places)
        rows = await self._rows(slot.resolve, said, at_once=bool(slot.each)) if slot.resolve else []
        column = slot.resolve.value if slot.resolve else ""
        values = [str(row[column]) for row in rows] if column else [each for each in said if each]
        if slot.each:
            self._sheet.hold(name, said)
            if len(values) < places or "" in said:
                waiting = said.index("") if "" in said else len(values)
                return self._ask_more(name, slot, values, rows, waiting)
        elif slot.more and not filled.enough:
            return self._ask_more(name, slot, values, rows, 0)
        self._sheet.fill_list(name, said, values, rows)
        return self._check(name)

    async def _rows(self, resolve: Resolve, said: list[str], *, at_once: bool) -> list[Row]:
        """The rows of a list: of one query for all, where they depend on each other."""
        if at_once:
            arguments = self._sheet.arguments(resolve.arguments, said=said)
            return await self._query(resolve.query, arguments)
        rows = []
        for each in said:
            arguments = self._sheet.arguments(resolve.arguments, said=each)
            found = await self._query(resolve.query, arguments)
            if not found:
                raise Refused("none", said=each, value=each)
            rows.append(found[0])
        return rows

    def _ask_more(
        self, name: str, slot: Slot, values: list[str], rows: list[Row], waiting: int
    ) -> Step:
        others = self._sheet.names().get(slot.each)
        one = others[waiting] if isinstance(others, Several) else None
        chosen = Several(values, rows)
        return self._asking.ask_more(name, chosen=chosen, one=one)

    def _too_many(self, name: str, said: list[str], places: int) -> Step | None:
        """More values than there are places: which ones are meant?"""
        note = words.say(self._phrases.too_many, {"count": places})
        self._asking.note(note, reason="too_many")
        self._sheet.clear(name)
        return self._asking.instead(name, [each for each in dict.fromkeys(said) if each])

    def recheck(self) -> Step | None:
        """Try all rules once more, for what they weigh may have changed since."""
        for name, filled in [*self._sheet.task.slots.items()]:
            is_known = name in self._sheet.script.slots and filled.value is not None
            if is_known and self._sheet.matters(name) and (step := self._check(name)):
                return step
        return None

    def _check(self, name: str) -> Step | None:
        """Try the rules of a slot that was just filled; None where it may stay."""
        for check in self._sheet.script.slots[name].check:
            if words.evaluate(check.when, self._sheet.names()):
                return self.refuse({"check": check}, Refused("check"), name)
        return None

    async def _list(self, name: str, options: Options, filled: Filled | None) -> Step | None:
        is_many = self._sheet.script.slots[name].many
        said = filled.said if filled else None
        asked = options.arguments
        arguments = self._sheet.arguments(asked, said=said)
        rows = await self._query(options.query, arguments)
        offers = every = self._asking.offers(name, rows, options.value, options.label)
        is_narrowed = any("said" in words.names_in(a, expression=True) for a in asked.values())
        if filled is not None and not (is_many and is_narrowed):
            wanted = each_of(said)
            # 「苏婷抱」, 「我老婆抱」: who is called by name, or by a word, is one of the rows.
            is_told = name in self._sheet.task.given
            named = tuple(o for o in offers if is_told and _is_called(o, wanted))
            offers = tuple(offer for offer in offers if offer.value in wanted) or named or offers
            is_known = any(offer.value in wanted for offer in offers)
            if is_known:
                offers = self.rows.named_instead(name, filled, every) or offers
            filled = filled if is_known or not is_many else None
        if filled is None and not is_many:
            offers = self.rows.as_before(name, self.rows.named(name, offers, arguments))
        first = self.rows.several_at_first(name, offers) if is_many and filled is None else []
        offers = tuple(first) or offers
        if offers and is_many and (filled is not None or first or len(offers) == 1):
            values = [offer.value for offer in offers]
            chosen = [offer.row or {} for offer in offers]
            self._sheet.fill_list(name, said or values, values, chosen)
            return self._check(name)
        if len(offers) == 1:
            value = offers[0].value
            self._sheet.fill(name, value, value, offers[0].row)
            return self._check(name)
        if offers:
            return self._asking.choose(name, offers)
        none = options.none or Refusal(say=self._nothing_left(filled), end=True)
        return self.refuse({"none": none}, Refused("none"), name)

    def _nothing_left(self, filled: Filled | None) -> str:
        """What is said where no row is left: where all were left out, it is called off."""
        said = filled.said if filled is not None else ()
        is_off = isinstance(said, list) and any(each.startswith(listing.NOT) for each in said)
        title = {"title": self._sheet.script.title}
        return words.say(self._phrases.cancelled, title) if is_off else self._phrases.refused

    async def _resolve(self, name: str, resolve: Resolve, filled: Filled) -> Step | None:
        arguments = self._sheet.arguments(resolve.arguments, said=filled.said)
        rows = await self._query(resolve.query, arguments)
        if len(rows) > 1 and resolve.pick == "ask":
            return self._asking.choose(
                name, self._asking.offers(name, rows, resolve.value, resolve.label)
            )
        if not rows:
            return self.refuse(resolve.refused, Refused("none", said=filled.said), name)
        self._sheet.fill(name, str(filled.said), str(rows[0][resolve.value]), rows[0])
        return self._check(name)

    def refuse(self, table: Refusals, refused: Refused, name: str) -> Step | None:
        """Explain a refusal and forget what caused it; None where settling goes on."""
        step = self._refusing.refuse(table, refused, name)
        if self._refusing.has_forgotten:
            self.rows.ignore()
        return step


def _is_called(offer: Offer, wanted: Collection[str]) -> bool:
    lists = (cell for cell in (offer.row or {}).values() if isinstance(cell, list))
    return offer.label in wanted or any(word in cell for cell in lists for word in wanted)
