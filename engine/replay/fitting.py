"""Which transcripts a channel can carry."""

from __future__ import annotations

from collections.abc import Iterator

from engine.channels.sms.channel import wants_silence
from engine.replay.transcript import API, DIRECT, SMS, WECHAT, Step, Transcript

#: What customers cannot do on a channel.
_LACKS = {API: ("event",), SMS: ("event", "image", "voice")}


def lacking(transcript: Transcript, channel: str) -> str:
    """What a transcript needs that a channel does not have; nothing where it can go over it."""
    if transcript.account and channel != WECHAT:
        return "an official account"
    if transcript.own_channel not in (DIRECT, channel):
        return "another channel"
    if channel == SMS and transcript.own_channel != SMS and any(map(_ends_all, transcript.steps)):
        return "a word that ends every subscription"
    return next((why for step in transcript.steps for why in _lacking(step, channel)), "")


def _lacking(step: Step, channel: str) -> Iterator[str]:
    if step.actor in _LACKS.get(channel, ()):
        yield f"{step.actor}s"
    if channel == SMS and step.click and step.click.step is not None:
        yield "taps on what was shown before the last question"
    # The platform's recordings are fetched, and only an engine without a channel has no ears.
    if step.trouble and (channel == API or (channel != DIRECT and step.trouble == "no_ears")):
        yield f"a voice that is {step.trouble}"


def _ends_all(step: Step) -> bool:
    """Whether the customer writes what is a word of the law over short messages."""
    words = [step.say, *(step.say_any or ())]
    return any(wants_silence(each) for each in words if each)
