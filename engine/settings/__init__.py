"""How this installation is set up: `BANLI_*` variables, `banli.toml`, one file per account."""

from __future__ import annotations

from engine.settings.accounts import (
    PLATFORM,
    SMS,
    Account,
    ApiAccount,
    Mode,
    Template,
    account_of,
    load_account,
    load_accounts,
    load_api_accounts,
    load_others,
)
from engine.settings.installation import (
    Keep,
    Settings,
    load_settings,
)
from engine.settings.reading import (
    SettingsError,
    Told,
    Url,
    pattern,
    read_toml,
)

__all__ = [
    "PLATFORM",
    "SMS",
    "Account",
    "ApiAccount",
    "Keep",
    "Mode",
    "Settings",
    "SettingsError",
    "Template",
    "Told",
    "Url",
    "account_of",
    "load_account",
    "load_accounts",
    "load_api_accounts",
    "load_others",
    "load_settings",
    "pattern",
    "read_toml",
]
