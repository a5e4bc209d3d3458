"""The provider's server: `python server.py` is `banli serve`; or `sanic server:create`."""

from __future__ import annotations

import sys

from engine.settings import load_settings
from engine.web.provider import App
from engine.web.serve import provider_app


def create() -> App:
    """The app as settings describe it, for Sanic's own command line and many workers."""
    return provider_app(load_settings())


if __name__ == "__main__":
    from engine.cli import app

    app(["serve", *sys.argv[1:]])
