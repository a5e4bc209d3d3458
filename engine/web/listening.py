"""The sockets that a provider listens on."""

from __future__ import annotations

import socket


def bind(host: str, port: int) -> socket.socket:
    """A socket of an address; `OSError` in one line when it is taken."""
    return _bind(host, port, socket.SO_REUSEADDR)


def bind_several(host: str, port: int, count: int) -> list[socket.socket]:
    """Sockets of one address, each for a process of its own; `OSError` when it is taken."""
    # A shared port would be shared with a server of before as well: so it is taken alone first.
    with bind(host, port) as alone:
        port = alone.getsockname()[1]
    return [_bind(host, port, socket.SO_REUSEADDR, socket.SO_REUSEPORT) for _ in range(count)]


def _bind(host: str, port: int, *options: int) -> socket.socket:
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind)
        for option in options:
            listening.setsockopt(socket.SOL_SOCKET, option, 1)
        listening.bind(address)
    except OSError as error:
        raise OSError(
            f"cannot listen on {host}:{port} (--host, --port): {error.strerror}"
        ) from None
    return listening
