"""What every test may ask for, and what holds for every run."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from engine.store import Store
from tests.watchdog import watch


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """A command sets how things are logged; the next test is none of its business."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """A private, empty, real database."""
    async with await Store.open("sqlite://") as opened:
        yield opened


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Any]:
    """A running PostgreSQL; `postgresql.new()` is the address of a new database with our tables."""
    with _postgresql().running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """A private, empty database, of each kind in turn."""
    if request.param == "sqlite":
        yield "sqlite://"
        return
    server = request.getfixturevalue("postgresql")
    address = server.new()
    yield address
    server.drop(address)


@pytest.fixture
async def either(address: str) -> AsyncIterator[Store]:
    """As `store`, on each kind of database in turn."""
    async with await Store.open(address) as opened:
        yield opened


def _postgresql() -> Any:
    # Tests are no package: what they share is loaded by its place.
    file = Path(__file__).with_name("postgresql.py")
    spec = importlib.util.spec_from_file_location("postgresql", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class _NothingSkipped:
    """A test that was passed over proves nothing: it fails the run."""

    skipped = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.skipped += report.skipped and not hasattr(report, "wasxfail")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_NothingSkipped(), "nothing-skipped")
    watch(config)
