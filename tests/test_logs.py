"""A log line has keys and values, and nothing in it that must not be there."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from engine import logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    yield io.StringIO()
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_an_event_is_one_line_of_keys_and_values(stream: io.StringIO) -> None:
    logs.configure(stream=stream)
    structlog.contextvars.bind_contextvars(turn="t1")
    structlog.get_logger().info("turn done", account="demo", took=0.25, late=False, words="a\nb")
    (line,) = stream.getvalue().splitlines()
    assert line.startswith("timestamp=20")
    assert "level=info" in line
    assert 'event="turn done"' in line
    assert "account=demo" in line
    assert "took=0.25" in line
    assert "late=false" in line
    assert "turn=t1" in line


def test_an_event_may_be_json(stream: io.StringIO) -> None:
    logs.configure(as_json=True, stream=stream)
    structlog.get_logger().warning("late", city="北京", tries=3)
    event = json.loads(stream.getvalue())
    assert {
        "event": "late",
        "level": "warning",
        "city": "北京",
        "tries": 3,
    }.items() <= event.items()
    assert "北京" in stream.getvalue()


def test_lower_levels_are_left_out(stream: io.StringIO) -> None:
    logs.configure("warning", stream=stream)
    structlog.get_logger().info("quiet")
    structlog.get_logger().error("loud")
    assert [line for line in stream.getvalue().splitlines() if "quiet" in line] == []
    assert "event=loud" in stream.getvalue()


def test_secrets_are_dropped_and_numbers_masked_everywhere(stream: io.StringIO) -> None:
    logs.configure(stream=stream)
    structlog.get_logger().info(
        "called 13812345678",
        token="Token123",
        id_number="11010519491231002X",
        account={"secret": "s3cret", "aes_key": "k" * 43, "name": "demo"},
        people=[{"phone": 13912345678}, ("18600001111",)],
    )
    line = stream.getvalue()
    assert "138****5678" in line
    assert "11**************2X" in line
    assert "139****5678" in line
    assert "186****1111" in line
    assert "demo" in line
    for hidden in ("Token123", "s3cret", "kkk", "1234567", "1949", "0000"):
        assert hidden not in line


def test_a_traceback_is_masked_too_and_stays_on_the_line(stream: io.StringIO) -> None:
    logs.configure(stream=stream)
    try:
        raise ValueError("no such number 13812345678")
    except ValueError:
        structlog.get_logger().exception("failed")
    (line,) = stream.getvalue().splitlines()
    assert "ValueError: no such number 138****5678" in line


@pytest.mark.parametrize(
    "harmless", ["oABC13812345678xyz", "1700000000", "20260504120000", "CA1234"]
)
def test_other_numbers_and_ids_stay_whole(harmless: str) -> None:
    assert logs.mask(None, "info", {"value": harmless}) == {"value": harmless}


@given(
    st.text(alphabet="，。: （电话"),
    st.from_regex(r"1[3-9][0-9]{9}|[0-9]{17}[0-9X]", fullmatch=True),
    st.text(alphabet="，。: ）吗"),
)
def test_no_number_survives_within_chinese_text(before: str, number: str, after: str) -> None:
    masked = logs.mask(None, "info", {"words": f"{before}{number}{after}"})
    assert number not in str(masked)


def test_a_log_that_cannot_be_written_fails_nobody() -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    logs.configure(stream=Full())
    try:
        structlog.get_logger().error("turn failed")
    finally:
        structlog.reset_defaults()
