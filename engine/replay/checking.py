"""Comparing what came of a step with what it expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.dialog.state.trace import Trace
from engine.replay import pictured
from engine.replay.exchange import Effect, Exchange, said
from engine.replay.expect import Expect
from engine.replay.faults import Fault
from engine.replay.reading import Source
from engine.replay.transcript import Step
from engine.replay.words import NONE, distance, fits, is_said

#: What differs: a key of `expect`, what it says, what came instead.
Difference = tuple[str, object, object]

#: Keys of `expect` that are compared with the trace field of the same name.
_TRACED = ("rule", "intent", "asks", "repair", "reject", "done", "resumes", "handoff")


def check(source: Source, index: int, exchange: Exchange, previous: Exchange | None) -> list[Fault]:
    """The faults of one step. Without `expect` it may come to anything but to what is pushed."""
    step = source.transcript.steps[index]
    if step.expect is None:
        found = tuple(_pushed(Expect(), exchange))
        if exchange.refused:
            found = (*found, ("reject", NONE, exchange.refused))
    else:
        found = (*_heard(step, exchange), *differences(step.expect, exchange, previous))
    return [Fault.at_step(source, index, *difference) for difference in found]


def differences(
    expect: Expect, exchange: Exchange, previous: Exchange | None
) -> Iterator[Difference]:
    """What of an exchange is not as expected."""
    yield from _pushed(expect, exchange)
    if exchange.inbound is not None:
        yield from _reply(expect, exchange, previous)
    yield from _buttons(expect, exchange)
    yield from _pictures(expect, exchange)
    yield from _effects(expect, exchange)
    yield from _desk(expect, exchange)
    trace = exchange.turned.decision.trace if exchange.turned else None
    if trace is not None:
        yield from _trace(expect, trace)
        yield from _options(expect, trace, exchange)
    elif exchange.refused:
        if not fits(expect.reject or NONE, exchange.refused):
            yield "reject", expect.reject or NONE, exchange.refused
    elif asked := [key for key in (*_TRACED, "task", "slots") if getattr(expect, key) is not None]:
        yield (
            asked[0],
            getattr(expect, asked[0]),
            "no turn: nothing happened, or an old answer was given again",
        )


def _heard(step: Step, exchange: Exchange) -> Iterator[Difference]:
    """How far what was heard is from what was said, and how the customer was shown it."""
    expect, said = step.expect or Expect(), step.heard or ""
    if expect.heard_cer is not None:
        heard = exchange.heard
        if distance(said, heard) > expect.heard_cer * max(len(said), 1):
            yield "heard_cer", f"{said}, but for {expect.heard_cer:g} of it", heard or NONE
    line = "\n".join(reply.heard for reply in exchange.replies)
    for pattern in expect.heard or ():
        if not is_said(pattern, line):
            yield "heard", pattern, line or NONE


def _trace(expect: Expect, trace: Trace) -> Iterator[Difference]:
    for key in _TRACED:
        wanted, came = getattr(expect, key), getattr(trace, key)
        if wanted is not None and not (expect.then and key == "asks") and not fits(wanted, came):
            yield key, wanted, came or NONE
    if expect.changed is not None:
        names = sorted(set(expect.changed) - {NONE})
        if names != trace.changed:
            yield "changed", names or NONE, trace.changed or NONE
    task = trace.done if trace.done and trace.resumes else trace.task
    if expect.task is not None and not fits(expect.task, task):
        yield "task", expect.task, task or NONE
    if expect.then:
        for key, wanted in expect.then.model_dump(exclude_none=True).items():
            if not fits(wanted, getattr(trace, key)):
                yield f"then.{key}", wanted, getattr(trace, key) or NONE
    yield from _slots(expect, trace.slots)


def _slots(expect: Expect, slots: Mapping[str, str]) -> Iterator[Difference]:
    for name, wanted in (expect.slots or {}).items():
        if not fits(wanted, slots.get(name, "")):
            yield f"slots.{name}", wanted, slots.get(name) or NONE
    if expect.slots_only is not None:
        wanted_all = expect.slots_only
        if set(wanted_all) != set(slots) or not fits(wanted_all, slots):
            yield "slots_only", wanted_all, dict(slots)


def _pushed(expect: Expect, exchange: Exchange) -> Iterator[Difference]:
    """What was said on the company's own account; nothing is, unless it is expected."""
    text = said(exchange.pushed)
    if expect.pushed in (None, (NONE,)):
        if exchange.pushed:
            yield "pushed", NONE, text
    elif not exchange.pushed:
        yield "pushed", "something pushed", NONE
    else:
        for pattern in expect.pushed or ():
            if not is_said(pattern, text):
                yield "pushed", pattern, text


def _reply(expect: Expect, exchange: Exchange, previous: Exchange | None) -> Iterator[Difference]:
    if expect.reply == ("same",):
        if not exchange.repeats(previous):
            yield (
                "reply",
                f"the same as before: {previous.text if previous else NONE}",
                exchange.text,
            )
    elif expect.reply == (NONE,):
        if exchange.replies:
            yield "reply", NONE, exchange.text
    elif not exchange.replies:
        yield "reply", "something said", NONE
    else:
        for pattern in expect.reply or ():
            if not is_said(pattern, exchange.text):
                yield "reply", pattern, exchange.text


def _buttons(expect: Expect, exchange: Exchange) -> Iterator[Difference]:
    labels = [button.label for reply in exchange.shown for button in reply.buttons]
    for pattern in expect.buttons or ():
        wanted = pattern.removeprefix("not:")
        there = any(is_said(wanted, label) for label in labels)
        if pattern == NONE and labels:
            yield "buttons", NONE, "、".join(labels)
        elif pattern != NONE and there == (wanted != pattern):
            yield "buttons", pattern, "、".join(labels) or NONE


def _options(expect: Expect, trace: Trace, exchange: Exchange) -> Iterator[Difference]:
    if expect.options is None:
        return
    buttons = [button for reply in exchange.shown for button in reply.buttons]
    labels = {
        button.payload.partition("=")[2] or button.payload.removeprefix("/"): button.label
        for button in buttons
    }
    came = [(value, labels.get(value, value)) for value in trace.offers]
    wanted = [] if expect.options == (NONE,) else list(expect.options)
    if len(wanted) != len(came) or not all(
        value == option or option in label
        for option, (value, label) in zip(wanted, came, strict=True)
    ):
        yield "options", wanted, [f"{value}（{label}）" for value, label in came]


def _pictures(expect: Expect, exchange: Exchange) -> Iterator[Difference]:
    """A picture or a link that a step with expectations does not name was not expected."""
    pictures = [reply.picture for reply in exchange.shown if reply.picture]
    same = expect.reply == ("same",)
    if not expect.image:
        if pictures and not same:
            yield "image", NONE, pictures[0].kind
    elif len(pictures) != len(expect.image):
        wanted = [image.kind for image in expect.image]
        yield "image", wanted, [picture.kind for picture in pictures] or NONE
    else:
        for image, picture in zip(expect.image, pictures, strict=True):
            yield from pictured.differences(image, picture)
    links = [reply.link for reply in exchange.shown if reply.link]
    if not same and not (fits(expect.link or NONE, links[0] if links else "")):
        yield "link", expect.link or NONE, links or NONE


def _effects(expect: Expect, exchange: Exchange) -> Iterator[Difference]:
    if expect.effects_delta is None:
        return
    wanted = expect.effects_delta
    if not effects_fit(wanted, exchange.effects):
        yield "effects_delta", told(wanted) or NONE, listed(exchange.effects) or NONE


def _desk(expect: Expect, exchange: Exchange) -> Iterator[Difference]:
    """How the customer stands in the queue, and what a clerk can read."""
    wanted, waiting = expect.desk, exchange.at_desk
    if wanted is None:
        return
    if isinstance(wanted, str) or waiting is None:
        if isinstance(wanted, str) != (waiting is None):
            yield "desk", wanted, waiting or NONE
        return
    came = {"reason": waiting.reason, "clerk": waiting.clerk, "name": waiting.name}
    came |= {"task": waiting.task.get("title", ""), "asks": waiting.task.get("asks", "")}
    came |= {"slots": waiting.task.get("slots", {})}
    for key, value in wanted.model_dump(exclude_none=True, exclude={"transcript"}).items():
        if not fits(value, came[key]):
            yield f"desk.{key}", value, came[key] or NONE
    for pattern in wanted.transcript or ():
        if not is_said(pattern, exchange.transcript):
            yield "desk.transcript", pattern, exchange.transcript


def effects_fit(wanted: Iterable[Mapping[str, Any]], came: Iterable[Effect]) -> bool:
    """Whether the effects are these, in this order; arguments and result by the keys listed."""
    names = [next(iter(one.items())) for one in wanted]
    done = list(came)
    return len(names) == len(done) and all(
        name == effect.name and fits(facts, {**effect.result, **effect.arguments})
        for (name, facts), effect in zip(names, done, strict=True)
    )


def told(wanted: Iterable[Mapping[str, Any]]) -> str:
    """Wanted effects in one line."""
    return ", ".join(f"{name} {facts}" for one in wanted for name, facts in one.items())


def listed(effects: Iterable[Effect]) -> str:
    """Effects that were done in one line."""
    return ", ".join(f"{effect.name} {dict(effect.arguments)}" for effect in effects)
