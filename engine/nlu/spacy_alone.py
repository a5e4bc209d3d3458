"""spaCy without its command line, which brings an HTTP client and takes almost half of its start.

spaCy loads it for one function only, `spacy.info`. That still does what it did, when it is called.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


def load() -> ModuleType:
    """The module `spacy`; `spacy.cli` is loaded by who imports it."""
    if "spacy" in sys.modules:
        return sys.modules["spacy"]
    stands_in: Any = ModuleType("spacy.cli.info")
    stands_in.info = _info
    stand_ins = {"spacy.cli": ModuleType("spacy.cli"), "spacy.cli.info": stands_in}
    sys.modules.update(stand_ins)
    try:
        import spacy
    finally:
        for name in stand_ins:
            del sys.modules[name]
    return spacy


def _info(*arguments: Any, **options: Any) -> Any:
    from spacy.cli.info import info

    return info(*arguments, **options)
