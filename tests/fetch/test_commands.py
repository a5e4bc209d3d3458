"""`banli models`."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from engine.cli import app
from tests.fetch.conftest import Serve
from tests.fetch.site import FILES, Site, archive, listed

#: Not in our own list, so that the sums are the site's.
NAME = "vosk-model-small-tlh-0.1"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with nothing fetched."""
    monkeypatch.setenv("BANLI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def site() -> Site:
    return Site({NAME: archive(root=NAME)})


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["models", *arguments])


async def elsewhere(*arguments: str) -> Result:
    """Run beside the site, which needs this thread."""
    return await asyncio.to_thread(run, *arguments)


def test_models_are_listed_with_size_and_language() -> None:
    result = run("list")
    assert result.exit_code == 0
    assert "vosk-model-small-cn-0.22" in result.stdout
    assert "43.9 MB  zh · small Chinese, takes grammars" in result.stdout


async def test_a_fetched_model_lies_in_the_home_and_is_listed_with_its_folder(
    site: Site, serve: Serve, home: Path
) -> None:
    async with serve(site) as url:
        fetched = await elsewhere("fetch", NAME, "--from", f"{url}/")
    assert fetched.exit_code == 0, fetched.output
    assert fetched.stdout == f"{home / 'models' / NAME}\n"

    rows = json.loads(run("list", "--json").stdout)
    assert {"name": NAME, "folder": str(home / "models" / NAME)} in rows["here"]


async def test_the_card_of_a_fetched_model_says_where_it_comes_from(
    site: Site, serve: Serve
) -> None:
    async with serve(site) as url:
        await elsewhere("fetch", NAME, "--from", url)
    said = json.loads(run("card", NAME).stdout)
    assert said["md5"] == listed(NAME, site.archives[NAME])["md5"]
    assert said["url"] == f"{url}/{NAME}.zip"


async def test_a_list_may_be_asked_of_the_site(site: Site, serve: Serve) -> None:
    async with serve(site) as url:
        result = await elsewhere("list", "--online", "--from", url)
    assert f"{NAME} " in result.stdout


async def test_what_goes_wrong_is_one_line(site: Site, serve: Serve, home: Path) -> None:
    site.archives[NAME] = archive({"../evil": b"", **FILES}, root=NAME)
    async with serve(site) as url:
        result = await elsewhere("fetch", NAME, "--from", url)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"banli models fetch: archive of {NAME}: '{NAME}/../evil' is")
    assert result.stderr.count("\n") == 1
    assert os.listdir(home / "models") == []


def test_without_a_network_a_fetch_is_one_line() -> None:
    # Port 9 of the loopback: nobody listens there.
    result = run("fetch", "vosk-model-small-cn-0.22", "--from", "http://127.0.0.1:9")
    assert result.exit_code == 1
    assert result.stderr.startswith("banli models fetch: cannot reach 127.0.0.1:9: ")
    assert result.stderr.count("\n") == 1


def test_a_card_that_is_in_markdown_is_printed_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "card.md").write_text("# 声学模型\n", encoding="utf-8")
    assert run("card", str(tmp_path)).stdout == "# 声学模型\n"


def test_a_model_without_a_card_is_one_line(tmp_path: Path) -> None:
    result = run("card", str(tmp_path))
    assert result.exit_code == 1
    assert "has no card here; see banli models list" in result.stderr
