"""The provider of the tests of the web."""

from tests.web.conftest import serve, turns

__all__ = ["serve", "turns"]
