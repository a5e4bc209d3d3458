"""What a person reads of runs: a line for each that passed, all that helps for one that did not."""

from __future__ import annotations

from collections.abc import Iterator

from engine.replay.exchange import Exchange, said
from engine.replay.faults import Fault
from engine.replay.running import Played


def lines(played: Played) -> Iterator[str]:
    """The report of one run."""
    if not played.faults:
        yield f"ok    {played.run}"
        return
    yield f"FAIL  {played.run}  {played.run.source.transcript.name}"
    for fault in played.faults:
        yield from _fault(fault)
    if played.exchanges and played.faults[0].step:
        yield from _conversation(played)


def text(played: Played) -> str:
    """The report of one run as a text."""
    return "\n".join(lines(played))


def _fault(fault: Fault) -> Iterator[str]:
    where = f"step {fault.step}" if fault.step else "after the last step"
    yield f"{fault.file}:{fault.line}: {where}: {fault.what}"
    yield f"    expected: {_indented(fault.expected)}"
    yield f"    came:     {_indented(fault.came)}"


def _conversation(played: Played) -> Iterator[str]:
    yield "  the conversation so far:"
    for index, exchange in played.exchanges.items():
        yield f"    {index + 1:>2}. 客: {_sent(exchange)}"
        if exchange.inbound is not None:
            yield f"        办: {_indented(exchange.text, by=12)}"
        if exchange.pushed:
            yield f"        推: {_indented(said(exchange.pushed), by=12)}"
        if buttons := [b.label for reply in exchange.shown for b in reply.buttons]:
            yield f"            [{'] ['.join(buttons)}]"
        yield from _trace(exchange)


def _trace(exchange: Exchange) -> Iterator[str]:
    if exchange.turned is None:
        return
    trace = exchange.turned.decision.trace
    shown = {
        key: getattr(trace, key)
        for key in ("rule", "intent", "task", "asks", "repair", "reject", "done", "resumes")
        if getattr(trace, key)
    }
    if voice := exchange.turned.voice:
        shown["hearing"] = f"{voice.confidence:.2f}/{voice.meaning:.2f}"
    facts = " ".join(f"{key}={value}" for key, value in shown.items())
    yield f"        ({facts} confidence={trace.confidence:.2f} slots={trace.slots})"


def _sent(exchange: Exchange) -> str:
    inbound, happening = exchange.inbound, exchange.happening
    if inbound is None:
        return f"<{happening.event}> {happening.facts}" if happening else "<time passes>"
    words = inbound.text or exchange.heard or inbound.event or f"<{inbound.kind}>"
    return f"{words}  ‹{inbound.payload}›" if inbound.payload else words


def _indented(said: str, *, by: int = 14) -> str:
    return said.replace("\n", "\n" + " " * by)
