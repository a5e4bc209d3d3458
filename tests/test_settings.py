"""Set-up is read once, and every fault names its file or variable, its key and what is wrong."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from engine import assets
from engine.settings import (
    Mode,
    Settings,
    SettingsError,
    load_accounts,
    load_api_accounts,
    load_settings,
)

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT = {
    "id": '"gh_0123456789ab"',
    "appid": '"wx0123456789abcdef"',
    "secret": '"s3cret-of-the-account"',
    "token": '"Token123"',
    "aes_key": f'"{AES_KEY}"',
}


def write_account(folder: Path, stem: str = "demo", /, **changes: str | None) -> Path:
    lines = {**ACCOUNT, **changes}
    file = folder / f"{stem}.toml"
    file.write_text("".join(f"{key} = {value}\n" for key, value in lines.items() if value))
    return file


def settings(tmp_path: Path, toml: str = "", **environment: str) -> Settings:
    file = tmp_path / "banli.toml"
    file.write_text(toml)
    return load_settings(environment=environment, file=file)


def test_without_any_setting_the_defaults_hold(tmp_path: Path) -> None:
    told = load_settings(environment={}, file=tmp_path / "absent.toml")
    assert told.database == "sqlite:///.banli/banli.db"
    assert told.public_url == "http://127.0.0.1:8000"
    assert told.dialogs == assets.dialogs()
    assert told.model == assets.models() / "nlu"


def test_an_option_beats_a_variable_and_a_variable_beats_the_file(tmp_path: Path) -> None:
    file = tmp_path / "banli.toml"
    file.write_text('port = 1\nhost = "file"\nhome = "file"\n')
    environment = {"BANLI_PORT": "2", "BANLI_HOST": "variable", "UNRELATED": "x"}
    told = load_settings(environment=environment, file=file, port=3, host=None)
    assert (told.port, told.host, told.home) == (3, "variable", Path("file"))
    assert told.database == "sqlite:///file/banli.db"
    assert told.public_url == "http://127.0.0.1:3"


def test_a_variable_may_name_a_file_that_holds_the_value(tmp_path: Path) -> None:
    secret = tmp_path / "database"
    secret.write_text("postgresql://banli:pass@db/banli\n")
    told = settings(tmp_path, BANLI_DATABASE_FILE=str(secret))
    assert told.database == "postgresql://banli:pass@db/banli"
    assert "pass" not in repr(told)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("BANLI_PORT", "eighty", "valid integer"),
        ("BANLI_PORT", "70000", "less than or equal to 65535"),
        ("BANLI_PROT", "80", "did you mean port?"),
        ("BANLI_BUSINESS", "shop", "module:attribute"),
        ("BANLI_PUBLIC_URL", "http://example.com/", "without a slash"),
        ("BANLI_LOG_LEVEL", "loud", "'debug'"),
        ("BANLI_DATABASE", "oracle://db", "must be sqlite:///PATH or postgresql://"),
        ("BANLI_DATABASE_FILE", "/nowhere/at/all", "cannot be read"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, name: str, value: str, fault: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, **{name: value})
    assert str(caught.value).startswith(f"{name}: ")
    assert fault in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("toml", "fault"),
    [
        ("port = 'x'", "port should be a valid integer"),
        ("home = 3", "home is not a valid path"),
        ("databse = 'x'", "databse is no setting; did you mean database?"),
        ("host = 'x'\nport = ?", "is not TOML: Invalid value (at line 2, column 8)"),
    ],
)
def test_a_wrong_line_of_the_settings_file_is_named(tmp_path: Path, toml: str, fault: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, toml)
    assert str(caught.value).startswith(f"{tmp_path / 'banli.toml'}: {fault}")


def test_a_value_and_its_file_are_not_both_taken(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^BANLI_DATABASE_FILE: is given beside database$"):
        settings(tmp_path, BANLI_DATABASE="sqlite://", BANLI_DATABASE_FILE="x")


def test_the_variables_of_business_secrets_and_of_the_relay_are_no_settings(tmp_path: Path) -> None:
    others = {"BANLI_SECRET_BILLING_FILE": "/run/billing", "BANLI_RELAY_TOKEN": "Token123"}
    assert settings(tmp_path, **others) == settings(tmp_path)


def test_the_table_of_the_relay_is_passed_over(tmp_path: Path) -> None:
    file = write_account(tmp_path)
    file.write_text(f"{file.read_text()}[relay]\nnumber = 'banli'\n")
    assert load_accounts(tmp_path)["demo"].id == "gh_0123456789ab"


def test_an_account_is_named_by_its_file(tmp_path: Path) -> None:
    write_account(tmp_path, "airline", mode='"compat"', verified="true", scripts='"own"')
    write_account(tmp_path, "telecom")
    accounts = load_accounts(tmp_path)
    assert list(accounts) == ["airline", "telecom"]
    airline = accounts["airline"]
    assert (airline.name, airline.id, airline.mode) == (
        "airline",
        "gh_0123456789ab",
        Mode.COMPAT,
    )
    assert airline.verified
    assert airline.scripts == tmp_path / "own"
    assert accounts["telecom"].mode is Mode.SAFE
    assert accounts["telecom"].api_base == "https://api.weixin.qq.com"


def test_a_plain_account_needs_no_aes_key(tmp_path: Path) -> None:
    write_account(tmp_path, mode='"plain"', aes_key=None)
    assert load_accounts(tmp_path)["demo"].aes_key == ""


def test_secrets_may_stand_in_files_beside_the_account(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("from-a-file\n")
    write_account(tmp_path, secret=None, secret_file='"secret.txt"')
    assert load_accounts(tmp_path)["demo"].secret == "from-a-file"


def test_the_repr_of_an_account_holds_no_secret(tmp_path: Path) -> None:
    write_account(tmp_path, previous_aes_key=f'"{AES_KEY[::-1]}"')
    shown = repr(load_accounts(tmp_path)["demo"])
    assert "gh_0123456789ab" in shown
    for secret in ("s3cret", "Token123", AES_KEY, AES_KEY[::-1]):
        assert secret not in shown


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("id", '"wx123"', "id must be the account's original id, gh_…"),
        ("id", None, "id is missing"),
        ("token", '"ab"', "token must be 3 to 32 letters or digits"),
        ("token", '"has-a-dash"', "token must be 3 to 32 letters or digits"),
        ("token", None, "token is missing"),
        ("aes_key", f'"{AES_KEY}="', "aes_key must be 43 letters or digits"),
        ("aes_key", '"abc"', "aes_key must be 43 letters or digits"),
        ("aes_key", None, "aes_key is missing; mode safe encrypts with it"),
        ("secret", None, "secret is missing"),
        ("secret_file", '"x"', "secret_file is given beside secret"),
        ("mode", '"open"', "mode should be 'plain', 'compat' or 'safe'"),
        ("api_base", '"weixin"', "api_base must be http://"),
        ("tokken", '"x"', "tokken is no setting; did you mean token?"),
        ("name", '"x"', "name is the name of the file; leave it out"),
    ],
)
def test_a_wrong_key_of_an_account_is_named(
    tmp_path: Path, key: str, value: str | None, fault: str
) -> None:
    file = write_account(tmp_path, **{key: value})
    with pytest.raises(SettingsError) as caught:
        load_accounts(tmp_path)
    assert str(caught.value).startswith(f"{file}: {fault}")


def test_a_wrong_secret_is_not_shown_in_the_traceback(tmp_path: Path) -> None:
    write_account(tmp_path, token='"not-a-token-but-secret"')
    with pytest.raises(SettingsError) as caught:
        load_accounts(tmp_path)
    assert "not-a-token-but-secret" not in "".join(traceback.format_exception(caught.value))


def test_a_folder_without_accounts_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent: holds no account; write one as NAME\.toml"):
        load_accounts(tmp_path / "absent")


def test_an_account_of_the_api_stands_beside_official_ones(tmp_path: Path) -> None:
    write_account(tmp_path)
    (tmp_path / "shop.toml").write_text(f'channel = "api"\nkeys = {{app = "{"0" * 64}"}}\n')
    assert list(load_accounts(tmp_path)) == ["demo"]
    told = load_api_accounts(tmp_path)["shop"]
    assert told.keys == {"app": "0" * 64}
    assert "000" not in repr(told)


@pytest.mark.parametrize(
    ("toml", "fault"),
    [
        ('channel = "api"\n', "keys is missing"),
        ('channel = "api"\nkeys = {app = "clear"}\n', "keys must be the SHA-256 digest of a key"),
        (
            f'channel = "api"\nwebhook = "https://a.example"\nkeys = {{app = "{"0" * 64}"}}\n',
            "webhook_secret is missing",
        ),
        ('channel = "fax"\nkeys = {}\n', "channel should be 'api'"),
    ],
    ids=["missing", "clear", "unsigned", "channel"],
)
def test_what_is_wrong_with_an_account_of_the_api_is_named(
    tmp_path: Path, toml: str, fault: str
) -> None:
    (tmp_path / "shop.toml").write_text(toml)
    with pytest.raises(SettingsError) as caught:
        load_api_accounts(tmp_path)
    assert fault in str(caught.value)
    assert "clear" not in str(caught.value)
