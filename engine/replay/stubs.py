"""A business whose functions may be told what to answer, and which remembers what was tried."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine.business.http import Answer as HttpAnswer
from engine.business.provider import Business, Refused, Row, Unavailable, Work
from engine.dialog.scripts.loading import Scripts
from engine.replay.answers import Answer
from engine.reporting import happen
from engine.store import Connection


class Crash(BaseException):
    """The process ends here, in the middle of a turn: nothing handles it but the stage."""


class Stubbed:
    """The business of one run: each stub answers once, in order; after the last the real one does.

    ``tried`` names every effect that was called, refused and unanswered ones among them.
    """

    def __init__(self, business: Business, stubs: Mapping[str, tuple[Answer, ...]]) -> None:
        self.tried: list[str] = []
        self._events = itertools.count(1)
        self._left = {name: deque(answers) for name, answers in stubs.items()}
        self.business = Business(business.name)
        for name, query in business.queries.items():
            self.business.queries[name] = self._answering(name, query)
        for name, effect in business.effects.items():
            self.business.effects[name] = self._answering(name, effect, note=True)
        for name, event in business.events.items():
            self.business.events[name] = self._answering(name, event)
        self.business.preparations.extend(business.preparations)
        self.business.forgettings.extend(business.forgettings)
        self.business.silencings.extend(business.silencings)

    async def happen(
        self,
        connection: Connection,
        scripts: Mapping[str, Scripts],
        name: str,
        facts: Mapping[str, Any],
        *,
        now: datetime,
    ) -> None:
        """Let an event happen, each under a key of its own. Raises as `reporting.happen`."""
        key = f"event-{next(self._events)}"
        await happen(connection, self.business, scripts, name, facts, key=key, now=now)

    @property
    def unused(self) -> list[str]:
        """The stubs that were never called as often as they have answers."""
        return [name for name, answers in self._left.items() if answers]

    async def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> HttpAnswer:
        """Answer a call over HTTP with the stub of its address; there is no network."""
        waiting = self._left.get(url)
        if not waiting:
            raise OSError(f"{url}: a transcript reaches no network; stub the address")
        try:
            answer = {"ok": _given(url, waiting.popleft())}
        except Refused as refused:
            answer = {"refused": {"reason": refused.reason, **refused.facts}}
        return HttpAnswer(200, msgspec.json.encode(answer))

    def _answering(
        self, name: str, real: Callable[..., Awaitable[Any]], *, note: bool = False
    ) -> Callable[..., Awaitable[Any]]:
        async def answer(work: Work, **arguments: Any) -> list[Row] | Row:
            if note:
                self.tried.append(name)
            waiting = self._left.get(name)
            if waiting:
                return _given(name, waiting.popleft())
            result: list[Row] | Row = await real(work, **arguments)
            return result

        return answer


def _given(name: str, answer: Answer) -> list[Row] | Row:
    if answer.refused is not None:
        facts = {key: value for key, value in answer.refused.items() if key != "reason"}
        raise Refused(str(answer.refused["reason"]), **facts)
    if answer.timeout is not None:
        raise Unavailable(f"{name}: no answer in time {answer.timeout}".strip())
    if answer.crash:
        raise Crash(name)
    result: list[Row] | Row = answer.ok
    return result
