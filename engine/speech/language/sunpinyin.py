"""The open-gram model that Debian's ``sunpinyin-data`` carries, as n-grams of whole sentences.

``tslminfo -v lm_sc.t3g`` prints the model: sections ``\\N-gram\\COUNT`` of lines with N word ids,
the cost −ln p and the back-off cost. The ids stand for the words of ``pydict_sc.bin``: UTF-32
strings, each ended by a zero, from the offset that is the header's third number. Ids below 70 are
no words, 70–79 are punctuation.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from pathlib import Path

from engine.speech.errors import BadTable
from engine.speech.language.ngrams import BEGIN, END, NEVER, Entry, NGrams, Words

#: Marks at which a speaker may stop: ，。；？！：
_STOPS = range(70, 76)
_COMMA = 70
_FIRST_WORD = 80
_LN10 = math.log(10)

_STOP_NAMES = [f"<stop{at}>" for at in _STOPS]


def words_of(path: Path) -> list[str]:
    """Id → word, from ``pydict_sc.bin``; raises `BadTable`."""
    try:
        data = path.read_bytes()
        start = struct.unpack_from("<3I", data)[2]
        text = data[start : len(data) - (len(data) - start) % 4].decode("utf-32-le")
    except (OSError, struct.error, UnicodeDecodeError) as error:
        raise BadTable(path, 0, f"no words of sunpinyin: {error}") from error
    names = text.split("\0")
    return [
        f"<stop{at}>" if at in _STOPS else name if at >= _FIRST_WORD and name else f"<{at}>"
        for at, name in enumerate(names)
    ]


def read(dump: Path, names: list[str]) -> NGrams:
    """The model that ``tslminfo -v`` printed; raises `BadTable`.

    A sentence begins as what follows a comma, and ends where a mark would stand. What is not a
    word keeps its share under a name in angle brackets, until `restricted` gives it to the rest.
    """
    model = NGrams(_tables(dump, names))
    for table in reversed(model.orders):
        _end(model, table)
    model.orders[0][(BEGIN,)] = (NEVER, model.orders[0].get((_STOP_NAMES[0],), (0.0, 0.0))[1])
    return NGrams([_begun(table) for table in model.orders])


def _tables(dump: Path, names: list[str]) -> list[dict[Words, Entry]]:
    tables: list[dict[Words, Entry]] = []
    at = 0
    try:
        with dump.open(encoding="ascii") as lines:
            for at, line in enumerate(lines, 1):  # noqa: B007 -- named by the error
                if line.startswith("\\"):
                    tables.append({})
                elif len(tables) > 1:
                    words, entry = _ngram(line.split(), len(tables) - 1, names)
                    tables[-1][words] = entry
    except (OSError, ValueError, IndexError) as error:
        raise BadTable(dump, at, f"no output of tslminfo -v: {error}") from error
    if len(tables) < 3:
        raise BadTable(dump, 0, "no output of tslminfo -v: it has no pairs of words")
    return tables[1:]


def _ngram(cells: list[str], order: int, names: list[str]) -> tuple[Words, Entry]:
    words = tuple(names[int(cell)] for cell in cells[:order])
    weight = 0.0 if cells[order + 1].startswith("(") else -float(cells[order + 1]) / _LN10
    return words, (-float(cells[order]) / _LN10, weight)


def _end(model: NGrams, table: dict[Words, Entry]) -> None:
    """Give every history that a mark may follow one end of the sentence for all of them."""
    stopped = {words[:-1] for words in table if words[-1] in _STOP_NAMES}
    for history in stopped:
        ends = sum(10 ** model.log10(history, name) for name in _STOP_NAMES)
        table[(*history, END)] = (math.log10(ends), 0.0)


def _begun(table: dict[Words, Entry]) -> dict[Words, Entry]:
    """Without marks inside of n-grams; a comma in front is where a sentence begins."""
    return {words: entry for old, entry in table.items() for words in _renamed(old)}


def _renamed(words: Words) -> Iterator[Words]:
    first = BEGIN if len(words) > 1 and words[0] == _STOP_NAMES[0] else words[0]
    if first not in _STOP_NAMES and not set(words[1:]) & set(_STOP_NAMES):
        yield (first, *words[1:])
