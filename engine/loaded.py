"""What a provider reads at its start and does not change: processes made by fork share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from engine import assets
from engine.business.http import secret_from_environment
from engine.business.load import load as load_business
from engine.business.provider import Business
from engine.channels.sms.account import SmsAccount, load_sms_accounts
from engine.dialog import checking
from engine.dialog.scripts import loading
from engine.dialog.scripts.loading import Scripts
from engine.mind import Mind
from engine.nlu.interpreter import Interpreter
from engine.settings import Account, ApiAccount, Settings, load_accounts, load_api_accounts
from engine.speech.hearing.engine import Engine as Hearing

Served = Account | ApiAccount | SmsAccount

#: In place of a model of speech: voice messages are not heard.
_OFF = Path("off")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Accounts, what they act on and what they understand with; None hears nothing."""

    official: Mapping[str, Account]
    programs: Mapping[str, ApiAccount]
    phones: Mapping[str, SmsAccount]
    businesses: Mapping[str, Business]
    minds: Mapping[str, Mind]
    hearing: Hearing | None

    @property
    def served(self) -> dict[str, Served]:
        """All accounts by name, whatever their channel."""
        return {**self.official, **self.programs, **self.phones}


def load(settings: Settings) -> Loaded:
    """Read everything that can be wrong, and open nothing that has to be closed.

    Raises `SettingsError`, `ScriptError`, `NluError`, `SpeechError`, `NotFound` and `NoSecret`.
    """
    official, programs = load_accounts(settings.accounts), load_api_accounts(settings.accounts)
    phones = load_sms_accounts(settings.accounts)
    accounts: dict[str, Served] = {**official, **programs, **phones}
    businesses = {name: business_of(settings, account) for name, account in accounts.items()}
    minds = minds_of(settings, accounts, businesses)
    return Loaded(official, programs, phones, businesses, minds, hearing_of(settings))


def accounts_of(settings: Settings) -> dict[str, Served]:
    """All accounts by name, whatever their channel. Raises `SettingsError`."""
    folder = settings.accounts
    return {**load_accounts(folder), **load_api_accounts(folder), **load_sms_accounts(folder)}


def hearing_of(settings: Settings) -> Hearing | None:
    """The model of speech that is set up; None where voice is off.

    The shipped model may be left out of an installation; one that was asked for may not. Raises
    `SpeechError`.
    """
    directory = settings.speech_model
    is_asked_for = "speech_model" in settings.model_fields_set
    if directory == _OFF or not (is_asked_for or directory.is_dir()):
        why = "BANLI_SPEECH_MODEL=off" if directory == _OFF else f"there is no model in {directory}"
        log.warning("voice messages are not heard", why=why)
        return None
    # Vosk is loaded only where something is heard.
    from engine.speech.hearing.vosk import VoskEngine

    return VoskEngine.load(directory)


def places_of(settings: Settings, account: Served) -> tuple[Path, Path]:
    """The folder of an account's scripts, and that of its model."""
    return account.scripts or settings.dialogs, account.model or settings.model


def business_of(settings: Settings, account: Served) -> Business:
    """What an account's scripts act on. Raises `NotFound`."""
    return load_business(account.business or settings.business)


def minds_of(
    settings: Settings,
    accounts: Mapping[str, Served],
    businesses: Mapping[str, Business],
) -> dict[str, Mind]:
    """Scripts and model of every account; what several of them use is read once."""
    places = {name: places_of(settings, account) for name, account in accounts.items()}
    lexicons = assets.data() / "lexicons"
    read = {
        (folder, business): load_scripts(folder, business)
        for folder, business in {(places[name][0], businesses[name]) for name in accounts}
    }
    trained = {
        model: Interpreter.load(model, lexicons=lexicons)
        for model in {model for _, model in places.values()}
    }
    return {
        name: Mind(trained[model], read[folder, businesses[name]])
        for name, (folder, model) in places.items()
    }


def load_scripts(folder: Path, business: Business) -> Scripts:
    """The checked scripts of a folder; a secret they lack is missed now, not by a customer.

    Raises `ScriptError` and `NoSecret`.
    """
    scripts = loading.load(folder)
    checking.demand(scripts, business)
    for script in scripts.by_intent.values():
        secrets = {h.secret for h in (*script.effects_elsewhere, *script.queries.values())}
        secrets |= {notice.event.secret for notice in script.notices.values() if notice.event}
        for secret in sorted(secrets):
            secret_from_environment(secret)
    return scripts
