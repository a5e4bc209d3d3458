from __future__ import annotations

from pathlib import Path

import pytest

from engine.relay import accounts
from engine.relay.demo import Demo, guests, prepare
from engine.relay.errors import BadAccount
from engine.settings import Mode, load_accounts

KEYS = 'id = "gh_1"\nappid = "wx1"\nsecret = "s"\ntoken = "token"\nmode = "plain"\n'
LISTING = '[relay]\nurl = "http://127.0.0.1:1/"\ntitle = "题"\nnumber = "banli"\n'


def test_an_account_file_with_a_listing_is_an_account_of_the_relay(tmp_path: Path) -> None:
    (tmp_path / "demo.toml").write_text(KEYS + LISTING, "utf-8")

    account = accounts.load(tmp_path)["demo"]

    assert (account.account.id, account.listing.number) == ("gh_1", "banli")
    assert account.hosts == {"127.0.0.1:1"}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (KEYS, r"demo\.toml: has no \[relay\] table"),
        ("id = ", r"demo\.toml: "),
        (KEYS.replace("gh_1", "1") + LISTING, r"demo\.toml: id must be the account's original id"),
        ("tokken = 1\n" + KEYS + LISTING, r"demo\.toml: tokken is no setting; did you mean token"),
        (KEYS + LISTING.replace("http:", "ftp:"), r"demo\.toml: relay\.url: "),
        (KEYS + LISTING.replace("banli", "办"), r"demo\.toml: relay: .*number"),
        (KEYS + LISTING + "menus = []", r"demo\.toml: relay: .*menus"),
        (KEYS + LISTING + "menu = [" + '{name="a",key="b"},' * 4 + "]", r"relay\.menu: at most 3"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path: Path, content: str, fault: str) -> None:
    (tmp_path / "demo.toml").write_text(content, "utf-8")
    with pytest.raises(BadAccount, match=fault):
        accounts.load(tmp_path)


def test_a_secret_may_stand_in_a_file_as_it_may_for_the_provider(tmp_path: Path) -> None:
    (tmp_path / "demo.secret").write_text("from-a-file\n", "utf-8")
    keys = KEYS.replace('secret = "s"', 'secret_file = "demo.secret"')
    (tmp_path / "demo.toml").write_text(keys + LISTING, "utf-8")
    assert accounts.load(tmp_path)["demo"].account.secret == "from-a-file"


def test_two_accounts_cannot_share_a_number(tmp_path: Path) -> None:
    for name in ("one", "two"):
        keys = KEYS.replace("gh_1", f"gh_{name}").replace("wx1", f"wx{name}")
        (tmp_path / f"{name}.toml").write_text(keys + LISTING, "utf-8")
    with pytest.raises(BadAccount, match="two: another account has #banli too"):
        accounts.load(tmp_path)


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadAccount, match="holds no account file"):
        accounts.load(tmp_path)


def test_accounts_of_other_channels_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text('channel = "api"\n[keys]\napp = "x"\n', "utf-8")
    (tmp_path / "phone.toml").write_text('channel = "sms"\n', "utf-8")
    with pytest.raises(BadAccount, match="accounts of other channels only"):
        accounts.load(tmp_path)
    prepare(Demo(tmp_path, port=8111))
    for name in ("shop", "phone"):
        (tmp_path / f"{name}.toml").rename(tmp_path / "platform" / f"{name}.toml")
    assert set(accounts.load(tmp_path / "platform")) == {"demo"}


def test_both_sides_of_the_demo_know_the_same_secrets(tmp_path: Path) -> None:
    demo = Demo(tmp_path, port=8111)
    prepare(demo)

    provider = load_accounts(tmp_path / "accounts")["demo"]
    platform = accounts.load(tmp_path / "platform")["demo"]

    assert provider == platform.account
    assert (provider.mode, provider.verified) == (Mode.SAFE, True)
    assert provider.api_base == "http://127.0.0.1:8111"
    assert (tmp_path / "accounts" / "demo.toml").stat().st_mode & 0o777 == 0o600


def test_the_demo_keeps_its_secrets_when_its_ports_change(tmp_path: Path) -> None:
    prepare(Demo(tmp_path))
    before = accounts.load(tmp_path / "platform")["demo"]
    prepare(Demo(tmp_path, provider_port=8011))
    after = accounts.load(tmp_path / "platform")["demo"]

    assert after.account == before.account
    assert after.listing.url == "http://127.0.0.1:8011/wechat/demo"


def test_the_demo_terminals_are_customers_of_the_demo_company() -> None:
    assert {guest.name: guest.openid for guest in guests()} == {
        "张三": "oDemo-zhangsan",
        "李四": "oDemo-lisi",
    }
