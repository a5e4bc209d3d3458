"""Chinese words: jieba with a dictionary of its own.

spaCy's Chinese tokenizer takes the segmenter; nothing touches the shared ``jieba.dt``.
"""

from __future__ import annotations

import logging
import os
import stat
import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.nlu.errors import LexiconError

if TYPE_CHECKING:
    from spacy.language import Language

#: How often a word of ours is taken to occur: enough to win over its parts, as jieba counts.
FREQUENCY = 20_000


def cache_folder() -> Path:
    """Where derived files of this user are kept: ``$BANLI_HOME/cache``, else the user's cache."""
    if home := os.environ.get("BANLI_HOME"):
        return Path(home) / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "banli"


def private_folder(folder: Path) -> Path:
    """``folder``, made if needed, which only this user can write; else a fresh one.

    jieba loads its cache with ``marshal``: whoever can write the file could run code as us.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.stat()
        if state.st_uid == os.getuid() and os.access(folder, os.W_OK):
            folder.chmod(stat.S_IRWXU)
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="banli-"))


def read_words(path: Path) -> list[str]:
    """A word list, one a line; ``#`` starts a remark. Raises `LexiconError` when it is missing."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(path, 0, f"the word list cannot be read: {error}") from error
    words = [line.partition("#")[0].strip() for line in lines]
    return [word for word in words if word]


def segmenter(words: Iterable[str], *, cache: Path | None = None) -> Any:
    """A private ``jieba.Tokenizer`` that knows ``words``, loaded and ready."""
    with warnings.catch_warnings():
        # jieba 0.42.1 has invalid escapes in its patterns and may import pkg_resources.
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", UserWarning)
        import jieba
    logging.getLogger("jieba").setLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(private_folder(cache or cache_folder()))
    tokenizer.cache_file = f"jieba-{jieba.__version__}.cache"
    tokenizer.initialize()
    for word in words:
        tokenizer.add_word(word, FREQUENCY)
    return tokenizer


def language(segmenter: Any) -> Language:
    """spaCy's blank Chinese with this segmenter in place of the shared one."""
    import spacy

    config = {"nlp": {"tokenizer": {"segmenter": "jieba"}}}
    nlp = spacy.blank("zh", config=config)
    tokenizer: Any = nlp.tokenizer
    tokenizer.jieba_seg = segmenter
    return nlp
