"""What every test may ask for, and what holds for every run."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from engine.store import Store


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """A private, empty, real database."""
    async with await Store.open("sqlite://") as opened:
        yield opened


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
