"""`banli bench relay`: many terminals, a steady rate, a provider killed half-way, all counted."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import aiohttp

from engine.bench.echo import ANSWER
from engine.bench.phones import Heard, Phone
from engine.bench.provider import Provider
from engine.bench.server import BenchError, Server, running

_ACCOUNT = 'id = "gh_bench"\nappid = "wxbench"\nsecret = "none"\ntoken = "bench"\nmode = "plain"\n'
_LISTING = '[relay]\nurl = "{url}/wechat"\ntitle = "bench"\nnumber = "bench"\n'
_NAME = "bench"
_RELAY = ("-c", "from engine.cli import main; main()", "relay", "--port", "0", "--accounts")

#: Sign-ups at a time: each is a deliberately slow hash.
_SIGN_UPS = 2

#: Seconds for the last answers, longer than the platform's three tries.
_PATIENCE = 20.0

#: Seconds of silence after the last answer, in which a second one would still come.
_SETTLING = 1.0


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of the relay. `down` is for how many seconds the killed provider is away."""

    terminals: int
    rate: float
    seconds: float
    down: float = 2.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of it. Times from the page's request to the answer on its feed, in milliseconds.

    `lost` got no answer; `doubled` more than one, or reached the provider as two messages;
    `unseen` never reached the provider; `repeats` are further tries of one MsgId; `feeds` are the
    connections of all terminals, one each when none broke; `cpu` is the relay's, a message.
    """

    sent: int
    answered: int
    lost: int
    doubled: int
    unseen: int
    repeats: int
    notices: int
    kills: int
    feeds: int
    p50: float
    p99: float
    worst: float
    cpu: float

    @property
    def is_whole(self) -> bool:
        """Whether nothing was lost, nothing doubled, and nobody saw the out-of-order notice."""
        return not (self.lost or self.doubled or self.unseen or self.notices)

    def as_json(self) -> dict[str, object]:
        """For ``--json``."""
        return {**asdict(self), "whole": self.is_whole}


class Crowd:
    """All terminals, what they have said and when, by `time.monotonic`."""

    def __init__(
        self,
        client: aiohttp.ClientSession,
        url: str,
        size: int,
        *,
        heard: Heard | None = None,
        said: dict[str, float] | None = None,
    ) -> None:
        self._heard = heard or Heard()
        self._phones = [Phone(client, url, f"phone-{each}", self._heard) for each in range(size)]
        self._said = {} if said is None else said

    async def sign_up(self) -> None:
        """Make all terminals and let them follow the account."""
        turn = asyncio.Semaphore(_SIGN_UPS)

        async def one(phone: Phone) -> None:
            async with turn:
                await phone.sign_up(_NAME)

        await asyncio.gather(*map(one, self._phones))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Keep every terminal's feed open while the block runs."""
        ready = [asyncio.Event() for _ in self._phones]
        pairs = zip(self._phones, ready, strict=True)
        feeds = [asyncio.create_task(phone.listen(event)) for phone, event in pairs]
        try:
            await asyncio.gather(*(event.wait() for event in ready))
            yield
        finally:
            for feed in feeds:
                feed.cancel()
            await asyncio.gather(*feeds, return_exceptions=True)

    async def talk(self, load: Load) -> None:
        """Say something at the rate, whatever is not answered yet; one terminal after the other."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for number in range(round(load.rate * load.seconds)):
                await asyncio.sleep(began + number / load.rate - time.monotonic())
                text = f"{number:07d}"
                self._said[text] = time.monotonic()
                group.create_task(self._phones[number % len(self._phones)].say(_NAME, text))

    async def all_answered(self) -> None:
        """Wait for what is missing, as long as the platform's tries take and no longer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while not all(self._heard.texts[f"{ANSWER}{text}"] for text in self._said):
                    self._heard.changed.clear()
                    await self._heard.changed.wait()
        # An answer that came twice shows itself by then.
        await asyncio.sleep(_SETTLING)

    def figures(self, provider: Provider, *, cpu: float) -> Figures:
        """Count everything by ids."""
        noted, heard = provider.noted(), self._heard
        answers = {text: heard.texts[f"{ANSWER}{text}"] for text in self._said}
        twice = {text for text, count in answers.items() if count > 1}
        twice |= {text for text, ids in noted.items() if len(ids) > 1}
        took = sorted(
            (heard.at[f"{ANSWER}{text}"] - began) * 1000
            for text, began in self._said.items()
            if answers[text]
        )
        if len(took) < 2:
            raise BenchError("fewer than two messages were answered")
        cuts = statistics.quantiles(took, n=100, method="inclusive")
        return Figures(
            sent=len(answers),
            answered=len(took),
            lost=sum(not count for count in answers.values()),
            doubled=len(twice),
            unseen=len(self._said.keys() - noted.keys()),
            repeats=sum(sum(ids.values()) - len(ids) for ids in noted.values()),
            notices=heard.notices,
            kills=provider.kills,
            feeds=heard.feeds,
            p50=round(cuts[49], 1),
            p99=round(cuts[98], 1),
            worst=round(took[-1], 1),
            cpu=round(cpu / len(answers) * 1000, 2),
        )


async def measure(
    load: Load, *, folder: Path | None = None, told: Callable[[str], None]
) -> Figures:
    """Send the load through a relay. ``folder`` says on which disk its database is.

    Raises `BenchError`, and `aiohttp.ClientError` when the relay refuses a terminal.
    """
    with tempfile.TemporaryDirectory(prefix="banli-bench-", dir=folder) as place:
        provider = Provider(Path(place))
        async with AsyncExitStack() as stack:
            told("starting a provider and the relay")
            first = await _provided(provider, stack)
            arguments = (*_RELAY, str(provider.accounts), "--home", place)
            relay = await stack.enter_async_context(running(arguments, {}))
            connector = aiohttp.TCPConnector(limit=0)
            session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar()
            )
            crowd = Crowd(await stack.enter_async_context(session), relay.url, load.terminals)
            told(f"{load.terminals} terminals sign up")
            await crowd.sign_up()
            await stack.enter_async_context(crowd.listening())
            told(f"{load.rate:g} messages a second for {load.seconds:g} s")
            before = relay.cpu_seconds()
            middle = asyncio.create_task(_in_the_middle(provider, first, stack, load))
            await crowd.talk(load)
            await middle
            told("waiting for the last answers")
            await crowd.all_answered()
            cpu = relay.cpu_seconds() - before
        return crowd.figures(provider, cpu=cpu)


async def _provided(provider: Provider, stack: AsyncExitStack) -> Server:
    """Begin the provider, and then list it for the relay: its address is known only now."""
    await asyncio.to_thread(provider.accounts.mkdir)
    file = provider.accounts / f"{_NAME}.toml"
    await asyncio.to_thread(file.write_text, _ACCOUNT)
    server = await stack.enter_async_context(provider.begun())
    await asyncio.to_thread(file.write_text, _ACCOUNT + _LISTING.format(url=server.url))
    return server


async def _in_the_middle(
    provider: Provider, server: Server, stack: AsyncExitStack, load: Load
) -> None:
    await asyncio.sleep(load.seconds / 2)
    await provider.restart(server, stack, down=load.down)
