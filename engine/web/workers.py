"""Several processes that serve, made by fork: they share what was loaded, and one looks after them.

Each has a socket of its own on the same port, among which the kernel shares out connections. The
sockets outlive who listens: what reaches one whose process has died is answered by the next.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

#: What a process does with its socket until it ends. It ends as well when there is something to
#: read at the second argument, for then nobody looks after it; when it serves it calls the third.
Work = Callable[[socket.socket, int, Callable[[], None]], None]

#: Seconds for a process to serve, for it to finish its work, and before another try to begin.
START, FINISH, PAUSE = 60.0, 15.0, 1.0

_ENDS = (signal.SIGTERM, signal.SIGINT)
_HEARD = {*_ENDS, signal.SIGHUP, signal.SIGCHLD}
_SERVES = b"serves"
#: Bytes that a pipe takes in one go.
_MOST = 2048

log = structlog.get_logger(__name__)


class WorkersError(Exception):
    """A process did not come to serve; the message says why, on one line."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A socket, and who serves it: 0 for nobody."""

    listening: socket.socket
    pid: int = 0


class Workers:
    """One process for each socket; ``died`` is told who is no more.

    The calling process must have no threads.
    """

    def __init__(
        self, sockets: Sequence[socket.socket], work: Work, died: Callable[[int], None]
    ) -> None:
        self._died = died
        self._places = [_Place(each) for each in sockets]
        self._work = work
        self._ours = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        self._lives, self._holds = os.pipe()

    def run(self, began: Callable[[], None]) -> None:
        """Serve until SIGTERM or SIGINT; tell ``began`` when all serve.

        Raises `WorkersError` when one does not begin. Later on, who dies is replaced.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
        try:
            for number in range(len(self._places)):
                self._begin(number)
            began()
            self._look_after()
        finally:
            self._end()
            signal.pthread_sigmask(signal.SIG_SETMASK, self._ours)

    def _look_after(self) -> None:
        while True:
            is_missed = any(not place.pid for place in self._places)
            heard = signal.sigtimedwait(_HEARD, PAUSE) if is_missed else _next_signal()
            if heard and heard.si_signo in _ENDS:
                return
            if heard and heard.si_signo == signal.SIGHUP:
                self._tell(signal.SIGHUP)
            self._replace(self._reap())

    def _replace(self, died: list[int]) -> None:
        for number, place in enumerate(self._places):
            if place.pid:
                continue
            try:
                self._begin(number)
            except WorkersError as error:
                log.error("worker does not begin", number=number, error=str(error))
            else:
                log.warning("worker replaced", number=number, died=died)

    def _begin(self, number: int) -> None:
        hears, tells = os.pipe()
        listening = self._places[number].listening
        pid = os.fork()
        if not pid:
            os.close(hears)
            self._be(listening, tells)
        os.close(tells)
        with open(hears, "rb", buffering=0) as told:
            is_told, _, _ = select.select([told], [], [], START)
            said = told.read(_MOST) if is_told else b"it took too long"
        if said != _SERVES:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise WorkersError(said.decode(errors="replace") or "a worker died at its start")
        self._places[number] = _Place(listening, pid)

    def _be(self, listening: socket.socket, tells: int) -> None:
        """Be one of the processes; does not return."""
        status = 1
        try:
            os.close(self._holds)
            for place in self._places:
                if place.listening is not listening:
                    place.listening.close()
            signal.pthread_sigmask(signal.SIG_SETMASK, self._ours)
            self._work(listening, self._lives, lambda: _say(tells, _SERVES))
            status = 0
        except Exception as error:
            log.debug("worker failed", exc_info=True)
            _say(tells, str(error).encode()[:_MOST])
        finally:
            # What the first process has opened is not this one's to close.
            os._exit(status)

    def _reap(self) -> list[int]:
        died = []
        for number, place in enumerate(self._places):
            if place.pid and os.waitpid(place.pid, os.WNOHANG)[0]:
                self._places[number] = _Place(place.listening)
                self._died(place.pid)
                died.append(place.pid)
        return died

    def _tell(self, number: int) -> None:
        for place in self._places:
            if place.pid:
                os.kill(place.pid, number)

    def _end(self) -> None:
        for place in self._places:
            place.listening.close()
        self._tell(signal.SIGTERM)
        deadline = time.monotonic() + FINISH
        while any(place.pid for place in self._places):
            left = deadline - time.monotonic()
            if left <= 0:
                self._tell(signal.SIGKILL)
            signal.sigtimedwait({signal.SIGCHLD}, max(left, PAUSE))
            self._reap()
        os.close(self._holds)
        os.close(self._lives)


def _next_signal() -> signal.struct_siginfo | None:
    return signal.sigwaitinfo(_HEARD)


def _say(tells: int, what: bytes) -> None:
    """Say it once: after it serves, a process has nothing more to tell."""
    try:
        os.write(tells, what)
        os.close(tells)
    except OSError:
        log.error("worker failed", error=what.decode(errors="replace"))
