"""`banli dialogs` and `banli chat` as a writer of scripts uses them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from engine.cli import app
from engine.dialog.scripts.schema import script_schema
from engine.pictures import model_of

Write = Callable[..., Path]

MENU = """\
intent: consult
title: 营业时间
example: 几点开门
answer:
  say: 每天八点到二十点。
"""


@pytest.fixture(autouse=True)
def quiet() -> object:
    """The commands set up logging for their process; here that is undone."""
    yield
    structlog.reset_defaults()


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=typed)


def test_scripts_without_a_problem_are_summed_up() -> None:
    result = run("dialogs", "check")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.endswith("effects: no problems\n")


def test_every_problem_is_a_line_and_the_status_is_one(folder: Write) -> None:
    where = folder(menu=MENU.replace("title", "titel"), other=MENU + "confirm: 好吗？\n")
    result = run("dialogs", "check", str(where))
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0] == f"{where}/menu.yaml:1: title: is missing"
    assert lines[1].startswith(f"{where}/menu.yaml:2: titel: is not a known key; did you mean")


def test_an_intent_without_phrases_warns_and_the_status_is_zero(folder: Write) -> None:
    where = folder(menu=MENU.replace("consult", "hours"))
    result = run("dialogs", "check", str(where))
    assert result.exit_code == 0
    assert f"{where}/menu.yaml:1: warning: `hours` has no training phrases" in result.stderr
    assert result.stdout == "1 script, 0 slots, 0 effects: no problems, 1 warning\n"


def test_phrases_may_lie_elsewhere(folder: Write, tmp_path: Path) -> None:
    phrases = tmp_path / "phrases"
    phrases.mkdir()
    (phrases / "hours.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: hours\n    examples: |\n      - 几点开门\n'
    )
    where = folder(menu=MENU.replace("consult", "hours"))
    assert "warning" not in run("dialogs", "check", str(where), "--phrases", str(phrases)).stderr


@pytest.mark.parametrize(
    ("business", "fault"),
    [
        ("nowhere:business", "nowhere"),
        ("engine.business.demo:nothing", "has no 'nothing'"),
        ("demo", "module:attribute"),
    ],
)
def test_a_business_that_is_not_there_is_one_line(business: str, fault: str) -> None:
    result = run("dialogs", "check", "--business", business)
    assert result.exit_code == 1
    assert fault in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_scripts_may_call_is_shown_with_arguments_and_refusals() -> None:
    shown = run("dialogs", "calls").stdout
    assert "query: airline.flights  with: [flight_no], [date], [origin], [destination]," in shown
    assert "effect: members.bind  with: phone, code\n" in shown
    assert (
        "    Refused: already_bound(name), no_such_member(phone), wrong_code(left), no_code.\n"
        in shown
    )
    assert "event: telecom.balance_changed  with: phone, balance\n" in shown


def test_a_business_that_is_nowhere_is_one_line() -> None:
    result = run("dialogs", "calls", "--business", "nowhere:business")
    assert result.exit_code == 1
    assert result.stderr.startswith("banli dialogs calls: business 'nowhere:business': ")
    assert result.stderr.count("\n") == 1


def test_the_schema_is_printed() -> None:
    assert run("dialogs", "schema").stdout == script_schema()


def test_a_chat_without_a_model_is_one_line(tmp_path: Path) -> None:
    result = run("chat", "--model", str(tmp_path / "none"))
    assert result.exit_code == 1
    assert "make it with: banli train" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_chat_over_a_wrong_script_names_file_and_line(folder: Write) -> None:
    result = run("chat", "--dialogs", str(folder(menu=MENU + "confirm: 好吗？\n")))
    assert result.exit_code == 1
    assert "menu.yaml:6: is never said" in result.stderr


def test_a_chat_misses_a_secret_before_the_first_word(folder: Write) -> None:
    calling = MENU.replace(
        "answer:\n", "confirm: 好吗？\nanswer:\n  http: {url: 'http://127.0.0.1:9', secret: shop}\n"
    )
    result = run("chat", "--dialogs", str(folder(menu=calling)))
    assert result.exit_code == 1
    assert "您好" not in result.stdout
    assert "set BANLI_SECRET_SHOP" in result.stderr


def test_a_chat_taps_buttons_by_number_and_shows_the_trace(tmp_path: Path) -> None:
    typed = "给13812345678充一百\n1\n/quit\n"
    result = run("chat", "--now", "2026-11-23T10:00", "--trace", typed=typed)
    assert result.exit_code == 0, result.output
    assert "  1) 确认\n  2) 取消" in result.stdout
    assert "task: topup  asks: confirm" in result.stdout
    assert "phone=13812345678  amount=100" in result.stdout
    assert "充好了：138****5678 充入 100 元" in result.stdout


def test_a_chat_draws_pictures_and_says_them(tmp_path: Path) -> None:
    typed = "帮我办明天国航1234的值机\n"
    options = ["--openid", "oDemo-zhangsan", "--now", "2026-11-23T10:00"]
    result = run("chat", *options, "--pictures", str(tmp_path / "drawn"), typed=typed)
    assert result.exit_code == 0, result.output
    file = tmp_path / "drawn" / "01-seat_map.png"
    assert str(file) in result.stdout
    assert model_of(file.read_bytes())["flight_no"] == "CA1234"


def test_a_chat_may_be_kept_and_gone_on_with(tmp_path: Path) -> None:
    kept = ["--now", "2026-11-23T10:00", "--database", f"sqlite:///{tmp_path}/chat.db"]
    assert "请问给哪个手机号充值" in run("chat", *kept, typed="充话费\n").stdout
    later = run("chat", *kept[2:], "--now", "2026-11-23T10:01", typed="13812345678\n")
    assert "充多少钱" in later.stdout
