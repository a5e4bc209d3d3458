"""Chinese words: jieba with a dictionary of its own.

spaCy's Chinese tokenizer takes the segmenter; nothing touches the shared ``jieba.dt``.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.nlu import spacy_alone
from engine.nlu.errors import LexiconError
from engine.nlu.segmenter import Segmenter, opened

if TYPE_CHECKING:
    from spacy.language import Language


def cache_folder() -> Path:
    """Where derived files of this user are kept: ``$BANLI_HOME/cache``, else the user's cache."""
    if home := os.environ.get("BANLI_HOME"):
        return Path(home) / "cache"
    return _folder_of_user()


def private_folder(folder: Path) -> Path:
    """``folder``, made if needed, which only this user can write; else a fresh one.

    Whoever can write the dictionary in it can end the process, or change what is understood.
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


def is_private(folder: Path) -> bool:
    """Whether ``folder`` is there, is this user's, and nobody else can write in it."""
    try:
        state = folder.stat()
    except OSError:
        return False
    return state.st_uid == os.getuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def read_words(path: Path) -> list[str]:
    """A word list, one a line; ``#`` starts a remark. Raises `LexiconError` when it is missing."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(path, 0, f"the word list cannot be read: {error}") from error
    words = [line.partition("#")[0].strip() for line in lines]
    return [word for word in words if word]


def segmenter(words: Iterable[str], *, cache: Path | None = None) -> Segmenter:
    """A private segmenter that knows ``words``, loaded and ready.

    What this user's other installations have compiled is used; ``cache`` stands alone.
    """
    if cache:
        return opened(words, private_folder(cache))
    users = _folder_of_user()
    made = (users,) if is_private(users) else ()
    return opened(words, private_folder(cache_folder()), made=made)


def _folder_of_user() -> Path:
    # Not `Path.home()`, which raises where a user has none: that one has no such folder.
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "banli"


def language(segmenter: Segmenter) -> Language:
    """spaCy's blank Chinese with this segmenter in place of the shared one."""
    nlp: Language = spacy_alone.load().blank("zh")
    tokenizer: Any = nlp.tokenizer
    # Not by its configuration, with which spaCy loads the shared dictionary: 70 MB and 0.5 s.
    tokenizer.segmenter, tokenizer.jieba_seg = "jieba", segmenter
    return nlp
