"""A refusal of the business: what is said of it, and what it makes the task forget."""

from __future__ import annotations

from engine.business.provider import Refused
from engine.dialog.scripts.parts import Refusal, Refusals
from engine.dialog.scripts.phrases import Phrases
from engine.dialog.state.sheet import Sheet
from engine.dialog.state.step import Step
from engine.dialog.task.asking import Asking
from engine.dialog.wording import words


class Refusing:
    """The refusals of one task, for the length of one turn: the same one twice ends it."""

    def __init__(self, sheet: Sheet, asking: Asking, phrases: Phrases) -> None:
        self._sheet = sheet
        self._asking = asking
        self._phrases = phrases
        self._refusals: set[tuple[str, str]] = set()
        self.has_forgotten = False

    def _older(self, refusal: Refusal) -> list[str]:
        """What a refusal forgets and was said before this turn, where some of it was said in it."""
        slots = self._sheet.script.slots
        # What was asked for, as proof is, no other word takes the place of.
        asked = {name for name, slot in slots.items() if slot.ask}
        asked |= {other for slot in slots.values() for other in slot.also}
        filled = [s for s in refusal.clear if s in self._sheet.task.slots and s not in asked]
        older = [slot for slot in filled if slot not in self._sheet.fresh]
        return older if len(filled) > len(older) else []

    def refuse(self, table: Refusals, refused: Refused, name: str) -> Step | None:
        """Explain a refusal and forget what caused it; None where settling goes on."""
        refusal = table.get(refused.reason) or Refusal(say=self._phrases.refused)
        older = self._older(refusal)
        if older:
            # 「换成后天那班」 of CA1234: what was said now counts more than what was said before.
            for slot in older:
                self._sheet.clear(slot)
            return None
        if (name, refused.reason) in self._refusals:
            if isinstance(self._sheet.said(name), list):
                # 「我带孩子」 where nobody travels along: the one is refused after the other.
                self._sheet.clear(name)
                return None
            return self._asking.over("", reject=refused.reason)
        self._refusals.add((name, refused.reason))
        names = self._sheet.names(**{"said": self._sheet.said(name), **refused.facts})
        self._asking.note(words.say(refusal.say, names), reason=refused.reason)
        offered = words.evaluate(refusal.offer, names) if refusal.offer else None
        forgotten = refusal.clear or (() if refusal.recheck else (name,))
        cleared = [slot for slot in forgotten if slot in self._sheet.task.slots]
        if cleared:
            # What was said with a value that is refused was about it.
            self._sheet.task.heard.clear()
            self.has_forgotten = True
        self._sheet.task.refused |= {slot: self._sheet.said(slot) for slot in cleared}
        for slot in cleared:
            self._sheet.forget(slot, refused.facts.get("value"))
            if slot not in self._sheet.task.asked:
                self._sheet.task.asked.append(slot)
        for slot in refusal.recheck:
            self._sheet.look_up_again(slot)
        if refusal.end or not (cleared or refusal.recheck):
            carry = {slot: self._sheet.said(slot) for slot in refusal.carry}
            carried = {slot: said for slot, said in carry.items() if said}
            return self._asking.over("", reject=refused.reason, next=refusal.next, carry=carried)
        if offered and cleared:
            return self._asking.instead(cleared[0], offered)
        return None
