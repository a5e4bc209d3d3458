"""What the fetching of models raises."""

from __future__ import annotations

from pathlib import Path


class FetchError(Exception):
    """Base of what a fetch raises; each message is one line for the person at the keyboard.

    FetchError
    ├── BadCatalogue    the list of models is not one
    ├── UnknownModel    no model of that name
    ├── NoChecksum      nobody publishes what the archive must hash to
    ├── Unreachable     no answer from the server, or it broke off again and again
    ├── Refused         the server answered, but not with the model
    ├── WrongSize       more or fewer bytes than were published
    ├── WrongChecksum   not the bytes that were published
    ├── BadArchive      the archive holds what it must not, or no model
    ├── AlreadyThere    something is where the model would go
    └── AlreadyFetching another process is at it
    """


class BadCatalogue(FetchError):
    """The list of models at ``place`` is not one."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place


class UnknownModel(FetchError):
    """No model of that name; ``near`` are names like it."""

    def __init__(self, name: str, near: list[str]) -> None:
        hint = f"; did you mean {' or '.join(near)}?" if near else "; see banli models list"
        super().__init__(f"no model is called {name!r}{hint}")
        self.name = name


class NoChecksum(FetchError):
    """Nobody publishes what the archive must hash to."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} cannot be checked, so it is not fetched: {reason}")
        self.name = name


class Unreachable(FetchError):
    """No answer from ``host``, or it broke off again and again."""

    def __init__(self, host: str, reason: str, *, kept: int = 0) -> None:
        rest = f"; {kept} bytes are kept, the same command goes on from there" if kept else ""
        super().__init__(f"cannot reach {host}: {reason}; is there a network?{rest}")
        self.host = host
        self.kept = kept


class Refused(FetchError):
    """The server answered, but not with the model."""


class WrongSize(FetchError):
    """``found`` bytes instead of the published number."""

    def __init__(self, name: str, *, published: int, found: int) -> None:
        super().__init__(f"{name}: {found} bytes, but {published} were published; not kept")
        self.published = published
        self.found = found


class WrongChecksum(FetchError):
    """The bytes are not those that were published."""

    def __init__(self, name: str, kind: str, *, published: str, found: str) -> None:
        super().__init__(f"{name}: {kind} is {found}, but {published} was published; not kept")
        self.kind = kind


class BadArchive(FetchError):
    """``entry`` of a model's archive is what it must not be; empty when the whole archive is."""

    def __init__(self, name: str, reason: str, *, entry: str = "") -> None:
        shown = f" {entry[:80]!r}" if entry else ""
        super().__init__(f"archive of {name}:{shown} {reason}; nothing was unpacked")
        self.entry = entry


class AlreadyThere(FetchError):
    """Something is where the model would go."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} exists already; remove it to fetch the model anew")
        self.path = path


class AlreadyFetching(FetchError):
    """Another process fetches the same model."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"another process is writing {path}; wait for it to end")
        self.path = path
