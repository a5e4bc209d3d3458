"""What of the scripts and of the dialog the transcripts reach, and what no transcript has shown.

Words are noted where they are made, all else is read from the traces of turns.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from engine.dialog.acts.acts import ACTS
from engine.dialog.checking import phrases
from engine.dialog.checking.texts import texts
from engine.dialog.moment import moment
from engine.dialog.rules.policy import RULES
from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.yaml_lines import Document, Place
from engine.dialog.state.session import CONFIRM
from engine.dialog.state.trace import Repair
from engine.dialog.wording import words
from engine.message import Reply
from engine.replay.exchange import Exchange
from engine.replay.running import Played

#: What is counted, in the order of the report.
SECTIONS = ("prompts", "refusals", "questions", "choices", "rules", "repairs")
#: A key on the way to a text that is said only when something is refused.
_REFUSING = frozenset({"refused", "check", "none"})
#: A section of the phrases whose texts stand within what is said by others.
_KINDS = "voice.kinds"


@dataclass(slots=True)
class Item:
    """One thing that transcripts can reach. ``hits`` is how often they did."""

    section: str
    name: str
    file: Path
    line: int
    hits: int = 0

    @property
    def place(self) -> str:
        """Where it stands: file:line, from here where it is below."""
        here = Path.cwd()
        file = self.file.relative_to(here) if self.file.is_relative_to(here) else self.file
        return f"{file}:{self.line}"


class Coverage:
    """Counts what the transcripts reach of these scripts and of the dialog's rules."""

    def __init__(self, scripts: Scripts) -> None:
        self.items: list[Item] = []
        self._texts: dict[int, Item] = {}
        self._alike: dict[str, list[Item]] = defaultdict(list)
        self._named: dict[tuple[str, str], Item] = {}
        self._plain: dict[str, list[Item]] = defaultdict(list)
        self._kinds: dict[str, Item] = {}
        self._labels: dict[str, set[str]] = defaultdict(set)
        self._scripts(scripts)
        self._phrases(scripts)
        self._rules()

    def listening(self) -> AbstractContextManager[None]:
        """A block in which every text that is said is counted."""
        return words.overheard(self._said)

    def saw(self, played: Played) -> None:
        """Count what the exchanges of a run show."""
        for exchange in played.exchanges.values():
            self._replies(exchange.shown)
            if exchange.turned is not None:
                self._turn(exchange)

    def section(self, name: str) -> list[Item]:
        """The items of one section."""
        return [item for item in self.items if item.section == name]

    @property
    def missed(self) -> list[Item]:
        """What no transcript has reached, by place."""
        return sorted((i for i in self.items if not i.hits), key=lambda i: (str(i.file), i.line))

    def share(self, *sections: str) -> float:
        """The part of some sections that was reached, 0 to 1."""
        items = [item for item in self.items if item.section in sections]
        return sum(bool(item.hits) for item in items) / max(len(items), 1)

    def _scripts(self, scripts: Scripts) -> None:
        for intent, script in scripts.by_intent.items():
            document = scripts.documents[intent]
            for text in texts(script):
                if not text.is_expression:
                    section = "prompts" if _REFUSING.isdisjoint(text.place) else "refusals"
                    self._text(section, document, text.place, text.text, intent)
            for name, slot in script.slots.items():
                if slot.ask or slot.options:
                    self._add("questions", f"{intent}.{name}", document, ("slots", name))
                for number, choice in enumerate(slot.choices):
                    place = ("slots", name, "choices", number)
                    self._add("choices", f"{intent}.{name}={choice.value}", document, place)
                    self._labels[choice.label].add(f"{name}={choice.value}")
            if script.confirm:
                self._add("questions", f"{intent}.{CONFIRM}", document, (CONFIRM,))

    def _phrases(self, scripts: Scripts) -> None:
        document = scripts.phrases_document
        for key, place, text in phrases.texts(scripts):
            item = self._text("prompts", document, place, text, "phrases")
            if key == _KINDS:
                self._kinds[text] = item
            elif "{" not in text:
                self._plain[text].append(item)

    def _rules(self) -> None:
        for rule in RULES:
            self._code("rules", rule.__name__, rule)
        for name, act in ACTS.items():
            self._code("repairs", f"act.{name}", act)
        for repair in get_args(Repair):
            self._put("repairs", repair, *_where_set(repair))

    def _text(self, section: str, document: Document, place: Place, text: str, of: str) -> Item:
        name = ".".join(map(str, (of, *place)))
        item = self._add(section, name, document, place)
        self._texts[id(text)] = item
        self._alike[text].append(item)
        return item

    def _add(self, section: str, name: str, document: Document, place: Place) -> Item:
        found = document.problem(place, "")
        return self._put(section, name, found.file, found.line)

    def _code(self, section: str, name: str, function: Callable[..., Any]) -> None:
        file = Path(inspect.getsourcefile(function) or "")
        self._put(section, name, file, inspect.unwrap(function).__code__.co_firstlineno)

    def _put(self, section: str, name: str, file: Path, line: int) -> Item:
        item = Item(section, name, file, line)
        self.items.append(item)
        self._named[section, name] = item
        return item

    def _said(self, text: str) -> None:
        # A text that stands twice is told apart by the object; one that was put together is not.
        if found := self._texts.get(id(text)):
            found.hits += 1
            return
        alike = self._alike.get(text)
        for item in alike or (i for part in self._plain if part in text for i in self._plain[part]):
            item.hits += 1

    def _hit(self, section: str, name: str) -> None:
        if item := self._named.get((section, name)):
            item.hits += 1

    def _replies(self, replies: tuple[Reply, ...]) -> None:
        """Words that are said as they stand, on buttons and in lines of their own."""
        for reply in replies:
            shown = {*reply.text.split("\n"), *(button.label for button in reply.buttons)}
            for line in shown & self._plain.keys():
                for item in self._plain[line]:
                    item.hits += 1

    def _turn(self, exchange: Exchange) -> None:
        assert exchange.turned is not None  # noqa: S101 - the caller has looked
        trace = exchange.turned.decision.trace
        self._hit("rules", trace.rule)
        if trace.rule == "act":
            self._hit("repairs", f"act.{trace.intent}")
        self._hit("repairs", trace.repair)
        self._hit("questions", f"{trace.task}.{trace.asks}")
        for name in self._chosen(exchange):
            self._hit("choices", name)
        for kind, item in self._kinds.items():
            item.hits += trace.repair == "read_back" and f"{kind} " in exchange.text

    def _chosen(self, exchange: Exchange) -> Iterator[str]:
        """A choice is taken when it is tapped or named, or when the slot holds it afterwards."""
        assert exchange.turned is not None  # noqa: S101 - the caller has looked
        trace, inbound = exchange.turned.decision.trace, exchange.inbound
        taken = {f"{slot}={value}" for slot, value in trace.slots.items()}
        payload = inbound.payload if inbound else ""
        taken |= {payload, *self._labels.get(exchange.turned.parse.text.strip(), ())}
        yield from (f"{trace.task}.{each}" for each in taken)


def _where_set(repair: str) -> tuple[Path, int]:
    """Where in the dialog a turn is noted as this repair."""
    for file in sorted(Path(moment.__file__).parent.glob("*.py")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if f'repair = "{repair}"' in line:
                return file, number
    return Path(moment.__file__), 1
