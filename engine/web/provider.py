"""What the web app serves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Protocol

from sanic import Sanic
from sanic.config import Config

from engine.acting import Backends
from engine.channels.sms.account import SmsAccount
from engine.channels.wechat.channel import Takes
from engine.desk.desk import Desk
from engine.desk.learning import Learning
from engine.dialog.scripts.loading import Scripts
from engine.meters import Meters
from engine.settings import Account, ApiAccount
from engine.store import Store


class Provider(Protocol):
    """The built engine: `engine.wiring.Engine`, or a smaller one in tests."""

    @property
    def store(self) -> Store:
        """Where answers, pictures and late replies are kept."""

    @property
    def turns(self) -> Mapping[str, Takes]:
        """Who answers, by the name of the account."""

    @property
    def accounts(self) -> Mapping[str, Account]:
        """The official accounts by name."""

    @property
    def api_accounts(self) -> Mapping[str, ApiAccount]:
        """Those that other programs write for, by name."""

    @property
    def sms_accounts(self) -> Mapping[str, SmsAccount]:
        """Those that phones reach by short messages, by name."""

    @property
    def desk(self) -> Desk:
        """Where people answer."""

    @property
    def learning(self) -> Learning:
        """What people say that words mean."""

    @property
    def meters(self) -> Meters:
        """What is counted and timed."""

    @property
    def folders(self) -> frozenset[Path]:
        """Where scripts and models lie."""

    async def reload(self) -> None:
        """Read scripts and models anew; where they are not right, raise and change nothing."""

    @property
    def scripts(self) -> Mapping[str, Scripts]:
        """The scripts that are in use now, by the name of the account."""

    @property
    def backends(self) -> Backends:
        """The company's business, and the way to its systems."""

    async def close(self) -> None:
        """Let go of everything."""


App = Sanic[Config, SimpleNamespace]
Build = Callable[[], Awaitable[Provider]]
