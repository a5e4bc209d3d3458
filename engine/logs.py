"""Logs: events with keys, a line each, without secrets and without whole phone or ID numbers."""

from __future__ import annotations

import contextlib
import logging
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

#: Keys whose values never reach a log, wherever they stand.
SECRET_KEYS = frozenset(
    {"token", "secret", "aes_key", "previous_aes_key", "appsecret", "access_token", "password"}
    | {"store_keys"}
)

# Not within a longer run of letters and digits: that is a message id or an openid.
_PHONE = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z])")
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{2})\d{14}(\d[0-9Xx])(?![0-9A-Za-z])")


def configure(level: str = "info", *, as_json: bool = False, stream: TextIO | None = None) -> None:
    """Write events of `level` and above to `stream` (stderr), as ``key=value`` pairs or as JSON.

    Called once, by whatever starts the process.
    """
    render: Processor = structlog.processors.LogfmtRenderer(
        key_order=["timestamp", "level", "event"], bool_as_flag=False
    )
    if as_json:
        render = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            # After all that adds text, a traceback too.
            mask,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=_lines_to(stream or sys.stderr),
    )


class _Lines:
    """Writes lines. Where the disk is full they are lost: nobody's answer may fail of that."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        with contextlib.suppress(OSError):
            self._stream.write(f"{line}\n")
            self._stream.flush()

    debug = info = warning = error = critical = exception = msg = write


def _lines_to(stream: TextIO) -> Callable[..., _Lines]:
    lines = _Lines(stream)
    return lambda *_: lines


def mask(logger: object, method: str, event: EventDict) -> EventDict:
    """A structlog processor: drops the keys of secrets, masks phone and ID numbers in the rest."""
    return _masked_mapping(event)


def _masked_mapping(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _masked(value) for key, value in values.items() if str(key).lower() not in SECRET_KEYS
    }


def _masked(value: Any) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, Mapping):
        return _masked_mapping(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(each) for each in value]
    shown = str(value)
    hidden = _ID_NUMBER.sub(r"\1**************\2", _PHONE.sub(r"\1****\2", shown))
    return value if isinstance(value, int) and hidden == shown else hidden
