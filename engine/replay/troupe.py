"""Loading what all runs of a process share."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from engine import assets
from engine.business.load import load as load_business
from engine.business.provider import Business
from engine.dialog import checking
from engine.dialog.scripts import loading
from engine.dialog.scripts.loading import Scripts
from engine.hearing import Hears
from engine.nlu.interpreter import Interpreter
from engine.replay.databases import Databases
from engine.replay.prompting import Prompter


@dataclass(frozen=True, slots=True)
class Troupe:
    """What every run shares, loaded once: understanding, scripts, business, databases, ears."""

    interpreter: Interpreter
    scripts: Scripts
    business: Business
    databases: Databases
    ears: Hears = field(default_factory=Prompter)


def assemble(
    databases: Databases,
    *,
    dialogs: Path | None = None,
    model: Path | None = None,
    business: str = "engine.business.demo:business",
    ears: Hears | None = None,
) -> Troupe:
    """The trained model, the scripts and the demo business.

    With ``ears`` the clips of voice steps are heard, without them what stands beside is read.

    Raises `ScriptError`, `NluError` and `NotFound`, as starting the provider does.
    """
    company = load_business(business)
    scripts = loading.load(dialogs or assets.dialogs())
    checking.demand(scripts, company)
    interpreter = Interpreter.load(
        model or assets.models() / "nlu", lexicons=assets.data() / "lexicons"
    )
    return Troupe(interpreter, scripts, company, databases, ears or Prompter())
