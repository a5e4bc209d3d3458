"""Pages without a script, for customers who come from a chat: a template with its style in it."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import Any

import jinja2
from sanic import HTTPResponse
from sanic.response import html


class PlainPage:
    """`NAME.html` and `NAME.css` of this room; nothing is read before the page is first shown."""

    def __init__(self, name: str) -> None:
        self._file = Path(__file__).parent / name

    def show(self, **values: Any) -> HTTPResponse:
        """The page with these values."""
        return html(self._template.render(**values, style=self._style), headers=self.headers)

    @functools.cached_property
    def headers(self) -> dict[str, str]:
        """Those of every response: a page may only send its forms to where it comes from."""
        digest = base64.b64encode(hashlib.sha256(self._style.encode()).digest()).decode()
        policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )
        return {
            "Content-Security-Policy": policy,
            # The address is what lets somebody act for the customer.
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }

    @functools.cached_property
    def _style(self) -> str:
        return self._file.with_suffix(".css").read_text("utf-8").strip()

    @functools.cached_property
    def _template(self) -> jinja2.Template:
        text = self._file.with_suffix(".html").read_text("utf-8")
        return jinja2.Environment(autoescape=True).from_string(text)
