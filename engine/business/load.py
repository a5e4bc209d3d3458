"""Find a company's business by the name that the settings give it."""

from __future__ import annotations

import functools
import importlib

from engine.business.following import following
from engine.business.provider import Business, BusinessError


class NotFound(BusinessError):
    """The settings name a business that is not there."""


@functools.cache
def load(name: str) -> Business:
    """The `Business` at `package.module:variable`, with what every company's scripts may ask.

    Equal names give the same object. Raises NotFound that says what is missing.
    """
    module, _, variable = name.partition(":")
    if not module or not variable:
        raise NotFound(f"business {name!r}: write it as package.module:variable")
    try:
        found = getattr(importlib.import_module(module), variable)
    except ImportError as error:
        raise NotFound(f"business {name!r}: {error}; is it installed where banli runs?") from error
    except AttributeError as error:
        raise NotFound(f"business {name!r}: {module} has no {variable!r}") from error
    if not isinstance(found, Business):
        raise NotFound(f"business {name!r}: {variable!r} is no Business")
    return found.with_parts(following)
