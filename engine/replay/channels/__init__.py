"""The channels that a transcript may go over: each plays the platform's side of one of ours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from engine.replay.channels.api import Program
from engine.replay.channels.carrier import Carrier, Direct
from engine.replay.channels.sms import Phone, Screen
from engine.replay.channels.wechat import Platform
from engine.replay.transcript import API, DIRECT, SMS, Transcript
from engine.replay.workers import Workers

__all__ = ["Carrier", "Screen", "carrier"]


def carrier(
    channel: str,
    transcript: Transcript,
    workers: Workers,
    screen: Screen,
    clock: Callable[[], datetime],
) -> Carrier:
    """What brings the messages of a transcript to the engine over a channel, and back.

    The ``screen`` is that of the customer's phone, which no restart of the engine clears.
    """
    if channel == DIRECT:
        return Direct(workers)
    if channel == API:
        return Program(workers, clock=clock)
    if channel == SMS:
        return Phone(workers, screen, clock=clock)
    return Platform(workers, verified=transcript.account != "unverified", clock=clock)
