"""The example of docs/scripts.md, read from the page, trained on its phrases and talked to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from engine import assets
from engine.acting import Backends
from engine.business.http import signature
from engine.business.provider import Business
from engine.channels.http import HttpPost
from engine.cli import app
from engine.dialog import checking
from engine.dialog.scripts import loading
from engine.dialog.scripts.closing import Closing, FaqOf
from engine.dialog.scripts.parts import Check, Http, Options, PictureOf, Refusal, Resolve
from engine.dialog.scripts.phrases import Phrases
from engine.dialog.scripts.script import Script, Slot
from engine.message import Inbound
from engine.nlu import dataset
from engine.nlu.interpreter import Interpreter
from engine.store import Store
from engine.turn import Turns

PAGE = (assets.root() / "docs" / "scripts.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))
SECRET = "a secret of the clinic"
ADDRESS = "http://127.0.0.1:9100"


def file_named(name: str) -> str:
    """The block of the page that is this file."""
    return next(text for _, text in BLOCKS if text.startswith(f"# {name}\n"))


def conversation() -> list[tuple[str, str]]:
    """What is said on the page and what is answered."""
    (text,) = [text for kind, text in BLOCKS if kind == "text"]
    turns = [turn.split("\n", 1) for turn in text.split("> ")[1:]]
    return [(said.strip(), answered.strip()) for said, answered in turns]


@dataclass
class Clinic:
    """The hospital's own system: every key is worked on once, the 25th is full."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    appointments: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        key, timestamp = headers["idempotency-key"], headers["banli-timestamp"]
        expected = signature(SECRET, timestamp=timestamp, key=key, body=body)
        assert headers["banli-signature"] == expected
        if key not in self.answers:
            self.answers[key] = self._work_on(msgspec.json.decode(body))
        return self.answers[key]

    def _work_on(self, asked: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(asked)
        if asked["date"] == "2026-11-25":
            days = ["2026-11-26", "2026-11-27"]
            return {"refused": {"reason": "full", "days": days}}
        self.appointments.append(asked)
        return {"ok": {"date": asked["date"], "number": 7, "room": "门诊楼 203 室"}}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.split(": ", 1) for line in head.lower().split("\r\n")[1:] if line)
        body = await reader.readexactly(int(headers["content-length"]))
        exact = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        headers["idempotency-key"] = exact["Idempotency-Key"]
        answer = msgspec.json.encode(self.answer(headers, body))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
        await writer.drain()
        writer.close()


@pytest.fixture
async def clinic() -> AsyncIterator[Clinic]:
    """The hospital's system on a loopback port."""
    clinic = Clinic()
    async with await asyncio.start_server(clinic.serve, "127.0.0.1", 0) as server:
        clinic.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield clinic


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    """Trained on the page's phrases beside those of the dialog acts."""
    folder = tmp_path_factory.mktemp("documented")
    phrases = folder / "register.yml"
    phrases.write_text(file_named("data/nlu/tasks/register.yml"), encoding="utf-8")
    paths = [phrases, assets.data() / "nlu" / "acts", assets.data() / "nlu" / "out_of_scope.yml"]
    options = ["--out", str(folder / "nlu")]
    trained = CliRunner().invoke(app, ["train", *map(str, paths), *options])
    assert trained.exit_code == 0, trained.output
    return Interpreter.load(folder / "nlu", lexicons=assets.data() / "lexicons")


async def test_the_documented_script_is_without_a_problem_and_has_phrases(tmp_path: Path) -> None:
    scripts = written(tmp_path, ADDRESS)
    phrases = tmp_path / "register.yml"
    phrases.write_text(file_named("data/nlu/tasks/register.yml"), encoding="utf-8")
    examples = dataset.read([phrases])
    assert checking.check(scripts, Business("none"), examples=examples) == []
    assert scripts.by_intent["register"].answer.http is not None
    assert scripts.by_intent["register"].answer.http.url.startswith(ADDRESS)


async def test_the_documented_conversation_makes_one_appointment(
    store: Store, clinic: Clinic, interpreter: Interpreter, tmp_path: Path
) -> None:
    async with HttpPost() as post:
        backends = Backends(Business("none"), post, secrets={"clinic": SECRET}.__getitem__)
        scripts = written(tmp_path, clinic.url)
        turns = Turns(store, interpreter, scripts, backends, clock=lambda: NOW)
        for number, (said, answered) in enumerate(conversation()):
            inbound = Inbound(account="a", openid="o", key=str(number), at=NOW, text=said)
            replies = await turns.take(inbound)
            assert answered in "\n".join(reply.text for reply in replies), said
            assert await turns.take(inbound) == replies
    (block,) = [text for kind, text in BLOCKS if kind == "json"]
    assert clinic.appointments == [msgspec.json.decode(block)]
    assert [asked["date"] for asked in clinic.asked] == ["2026-11-25", "2026-11-26"]


async def test_the_parent_is_asked_for_where_the_page_says_so(
    store: Store, clinic: Clinic, interpreter: Interpreter, tmp_path: Path
) -> None:
    async with HttpPost() as post:
        backends = Backends(Business("none"), post, secrets={"clinic": SECRET}.__getitem__)
        turns = Turns(
            store, interpreter, written(tmp_path, clinic.url), backends, clock=lambda: NOW
        )
        said = [
            "挂儿科",
            "昨天",
            "明天下午",
            "王小明",
            "王大明",
            "13812345678",
            "孩子发烧两天了",
            "好的",
        ]
        answered = []
        for number, text in enumerate(said):
            inbound = Inbound(account="a", openid="o", key=str(number), at=NOW, text=text)
            answered.append("\n".join(r.text for r in await turns.take(inbound)))
    assert "已经过去了" in answered[1]
    assert answered[3] == "挂儿科要登记家长，请问家长姓名？"
    assert "王小明（家长 王大明）" in answered[6]
    assert "留言：孩子发烧两天了" in answered[6]
    assert [one["guardian"] for one in clinic.appointments] == ["王大明"]


def written(folder: Path, url: str) -> loading.Scripts:
    """The documented script in a folder of its own, with the hospital at an address."""
    script = file_named("dialogs/register.yaml").replace(ADDRESS, url)
    (folder / "register.yaml").write_text(script, encoding="utf-8")
    return loading.load(folder)


def smallest_blocks() -> list[str]:
    return [text for kind, text in BLOCKS if kind == "yaml" and "opening_hours" in text]


def test_the_smallest_script_is_without_a_problem(tmp_path: Path) -> None:
    script, phrases = smallest_blocks()
    (tmp_path / "opening_hours.yaml").write_text(script, encoding="utf-8")
    (tmp_path / "phrases.yml").write_text(phrases, encoding="utf-8")
    examples = dataset.read([tmp_path / "phrases.yml"])
    assert checking.check(loading.load(tmp_path), Business("none"), examples=examples) == []


@pytest.mark.parametrize(
    "described",
    [
        Script,
        Slot,
        Options,
        Resolve,
        Refusal,
        Check,
        PictureOf,
        Closing,
        FaqOf,
        Http,
        Phrases,
    ],
    ids=lambda described: described.__name__,
)
def test_the_page_names_every_key(described: type[BaseModel]) -> None:
    fields = described.model_fields.items()
    keys = {field.alias or name for name, field in fields} - {"version"}
    assert keys - set(re.findall(r"`(\w+)`", PAGE)) == set()
