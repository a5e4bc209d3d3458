"""The file of a company's number."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.channels.sms.account import load_sms_accounts
from engine.settings import SettingsError, load_accounts, load_api_accounts


def test_a_number_stands_beside_other_accounts_and_keeps_its_secrets(tmp_path: Path) -> None:
    (tmp_path / "in.secret").write_text("inbound-secret\n")
    (tmp_path / "phone.toml").write_text(
        'channel = "sms"\nsecret_file = "in.secret"\nsend_secret = "outbound"\n'
        '[fields]\nsender = "From"\n[send]\nurl = "https://gateway.example/send"\n'
    )
    assert (load_accounts(tmp_path), load_api_accounts(tmp_path)) == ({}, {})
    told = load_sms_accounts(tmp_path)["phone"]
    assert (told.secret, told.fields_in.sender, told.fields_in.text) == (
        "inbound-secret",
        "From",
        "text",
    )
    assert "bound" not in repr(told)


def test_a_number_without_a_way_out_is_named(tmp_path: Path) -> None:
    (tmp_path / "phone.toml").write_text('channel = "sms"\nsecret = "long-enough"\n')
    with pytest.raises(SettingsError, match=r"phone\.toml: send is missing"):
        load_sms_accounts(tmp_path)


def test_the_secret_of_calls_may_come_from_the_environment_and_is_missed_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "phone.toml").write_text(
        'channel = "sms"\nsecret = "long-enough"\n[send]\nurl = "https://gateway.example/send"\n'
        'headers = {Authorization = "Bearer {secret}"}\n'
    )
    with pytest.raises(SettingsError, match=r"send_secret is missing, .*BANLI_SECRET_PHONE"):
        load_sms_accounts(tmp_path)
    monkeypatch.setenv("BANLI_SECRET_PHONE", "outbound")
    assert load_sms_accounts(tmp_path)["phone"].send_secret == "outbound"
