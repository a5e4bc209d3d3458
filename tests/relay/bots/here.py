"""What both bots share: their settings, the platform's address turned to the relay, a server."""

from __future__ import annotations

import json
import sys
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import requests

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)

SETTINGS: dict[str, str] = json.loads(sys.argv[1])


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def serve(app: Any) -> None:
    """Serve, and first tell the port: the relay comes later and its address is read then."""
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


def turn_to_relay() -> None:
    """Both libraries name the platform's host in their code; send what goes there to the relay."""
    genuine = requests.Session.request

    def request(self: requests.Session, method: str, url: str, **options: Any) -> Any:
        with open(SETTINGS["relay"], encoding="utf-8") as file:
            relay = file.read()
        url = url.replace("https://api.weixin.qq.com", relay)
        return genuine(self, method, url.replace("http://file.api.weixin.qq.com", relay), **options)

    requests.Session.request = request  # type: ignore[method-assign]
