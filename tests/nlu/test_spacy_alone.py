"""spaCy as the engine loads it: all but the command line, which comes when it is asked for."""

from __future__ import annotations

import json
import subprocess
import sys

CODE = """
import json, sys
from engine.nlu import spacy_alone
spacy = spacy_alone.load()
before = sorted({"spacy.cli", "spacy.cli.info", "requests", "typer"} & set(sys.modules))
again = spacy_alone.load() is spacy
told = spacy.info(silent=True)
import spacy.cli
print(json.dumps([before, again, told["spacy_version"], spacy.__version__, bool(spacy.cli.app)]))
"""


def test_the_command_line_of_spacy_is_loaded_by_who_asks_for_it() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, check=True)
    before, again, told, version, has_commands = json.loads(done.stdout)
    assert (before, again) == ([], True)
    assert told == version
    assert has_commands
