"""Makes `words.txt` and `rows.npy` again: python make.py query/words_tree_mini.m

The file is in the wheel of cnsyn 1.2.0 (``pip download --no-deps cnsyn==1.2.0``), below ``cnsyn/``.
"""

from __future__ import annotations

import pickle
import re
import sys
from pathlib import Path
from typing import Any

import jieba
import numpy as np
from joblib import numpy_pickle

#: How many of the main axes of all words are kept: MASSIVE is learned no worse than with all 75.
AXES = 50

CHINESE = re.compile("[一-鿿]+")
HERE = Path(__file__).parent


class _State:
    """Stands in for the tree of scikit-learn that the rows are kept in; only keeps its state."""

    def __init__(self, *_: object) -> None: ...

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.state = state


class _Reader(numpy_pickle.NumpyUnpickler):  # type: ignore[misc]
    """Builds arrays, and nothing else that a pickle may ask for."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith("sklearn"):
            return (lambda *_: _State()) if name == "newObj" else _State
        if module.startswith(("joblib.numpy_pickle", "numpy")) and name in (
            "NumpyArrayWrapper",
            "ndarray",
            "dtype",
        ):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not read")


def read(path: Path) -> tuple[list[str], np.ndarray[Any, Any]]:
    """The words, and what each means, N x 75."""
    with path.open("rb") as file:
        found = _Reader(str(path), file, ensure_native_byte_order=True).load()
    arrays = [each for each in found["model"].state if isinstance(each, np.ndarray)]
    return list(found["words"]), np.asarray(arrays[0], np.float32)


def make(path: Path) -> None:
    """Write the words that jieba has, the commonest first, and their rows, N x 50, in 8 bits."""
    words, rows = read(path)
    rows = rows - rows.mean(axis=0)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    jieba.initialize()
    often = jieba.dt.FREQ
    kept = sorted(
        (-often[word], word, place)
        for place, word in enumerate(words)
        if often.get(word) and CHINESE.fullmatch(word)
    )
    chosen = rows[[place for _, _, place in kept]]
    _, axes = np.linalg.eigh(chosen.T @ chosen)
    chosen = chosen @ axes[:, : -AXES - 1 : -1]
    chosen *= 127 / np.abs(chosen).max(axis=1, keepdims=True)
    np.save(HERE / "rows.npy", np.rint(chosen).astype(np.int8))
    (HERE / "words.txt").write_text("".join(f"{word}\n" for _, word, _ in kept), "utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
