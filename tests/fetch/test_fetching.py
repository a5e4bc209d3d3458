"""Fetching a model from a site: resumed, checked, or refused with nothing left behind."""

from __future__ import annotations

import fcntl
import hashlib
from pathlib import Path

import msgspec
import pytest

from engine.fetch import errors, shelf
from engine.fetch.catalogue import Catalogue, Model
from engine.fetch.download import Mark
from engine.fetch.fetching import Place, fetch
from tests.fetch.conftest import NOW, Fetch, Serve
from tests.fetch.site import FILES, NAME, Site, archive, listed


def known(content: bytes, **changes: object) -> Model:
    """A model of the catalogue with the sums of these bytes."""
    sha256 = hashlib.sha256(content).hexdigest()
    return msgspec.structs.replace(Model(size=len(content), sha256=sha256), **changes)


def left(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


async def test_a_model_is_downloaded_checked_and_unpacked(
    get: Fetch, site: Site, tmp_path: Path
) -> None:
    folder = await get(known=known(site.archives[NAME]))

    assert folder == tmp_path / NAME
    files = {name: (folder / name).read_bytes() for name in FILES}
    assert files == FILES
    assert left(tmp_path) == [NAME]


async def test_a_fetched_model_says_where_it_comes_from(get: Fetch, site: Site) -> None:
    folder = await get()
    said = shelf.card(folder)

    assert isinstance(said, dict)
    assert said["name"] == NAME
    assert said["url"].endswith(f"/models/{NAME}.zip")
    assert said["fetched"] == "2026-11-23T10:00:00+00:00"
    assert said["md5"] == listed(NAME, site.archives[NAME])["md5"]


async def test_progress_is_told_from_the_first_byte_to_the_last(
    get: Fetch, site: Site, steps: list[tuple[str, int, int]]
) -> None:
    await get()

    size = len(site.archives[NAME])
    downloaded = [(done, whole) for step, done, whole in steps if step == "download"]
    assert downloaded[0] == (0, size)
    assert downloaded[-1] == (size, size)
    assert [step for step, _, _ in steps if step != "download"] == ["check", "unpack"] + [
        "unpack"
    ] * (len(FILES) - 1)


async def test_a_connection_that_breaks_goes_on_where_it_was(get: Fetch, site: Site) -> None:
    site.breaks = [70_000, 60_000]

    assert (await get() / "am" / "final.mdl").read_bytes() == FILES["am/final.mdl"]
    ranges = [asked for _, asked in site.asked]
    assert ranges[0] == ""
    assert len(ranges) == 3
    assert all(asked.startswith("bytes=") for asked in ranges[1:])


async def test_a_site_that_breaks_off_at_once_leaves_what_came_to_the_next_process(
    site: Site, serve: Serve, tmp_path: Path
) -> None:
    site.breaks = [70_000, 0]
    async with serve(site) as url:
        place = Place(Catalogue(site=url, list="model-list.json", models={}), tmp_path)
        with pytest.raises(errors.Unreachable, match="bytes are kept") as raised:
            await fetch(NAME, place, told=lambda *_: None, clock=lambda: NOW)
        kept = raised.value.kept
        assert kept == (tmp_path / f".{NAME}.zip.part").stat().st_size > 0

        folder = await fetch(NAME, place, told=lambda *_: None, clock=lambda: NOW)

    assert site.asked[-1] == (NAME, f"bytes={kept}-")
    assert (folder / "am" / "final.mdl").read_bytes() == FILES["am/final.mdl"]
    assert left(tmp_path) == [NAME]


async def test_a_part_of_another_address_is_not_gone_on_with(
    get: Fetch, site: Site, tmp_path: Path
) -> None:
    (tmp_path / f".{NAME}.zip.part").write_bytes(b"something else")
    mark = Mark("http://127.0.0.1:9/models/other.zip", site.tag, 100)
    (tmp_path / f".{NAME}.zip.part.mark").write_bytes(msgspec.json.encode(mark))

    await get()

    assert site.asked == [(NAME, "")]


async def test_a_file_that_changed_in_between_begins_anew(get: Fetch, site: Site) -> None:
    new = archive({**FILES, "README": b"ME"})
    site.breaks = [70_000]
    site.replaced = ('"two"', new)

    folder = await get(known=known(new))

    assert (folder / "README").read_bytes() == b"ME"
    assert len(site.asked) == 2


async def test_a_whole_download_is_not_asked_for_again(
    get: Fetch, site: Site, tmp_path: Path
) -> None:
    (tmp_path / f".{NAME}.zip.part").write_bytes(site.archives[NAME])

    await get()

    assert site.asked == []


async def test_a_wrong_checksum_leaves_nothing(get: Fetch, site: Site, tmp_path: Path) -> None:
    with pytest.raises(errors.WrongChecksum, match=r"sha256 is .* was published; not kept"):
        await get(known=known(site.archives[NAME], sha256="0" * 64))

    assert left(tmp_path) == []


async def test_a_checksum_of_the_sites_list_is_held_to_as_well(
    get: Fetch, site: Site, tmp_path: Path
) -> None:
    site.listing = [{**listed(NAME, site.archives[NAME]), "md5": "f" * 32}]
    with pytest.raises(errors.WrongChecksum, match="md5"):
        await get()

    assert left(tmp_path) == []


async def test_our_own_checksum_is_not_overruled_by_the_site(get: Fetch, site: Site) -> None:
    ours = known(site.archives[NAME])
    site.archives[NAME] = site.archives[NAME].replace(b"beam=10", b"beam=99")

    with pytest.raises(errors.WrongChecksum):
        await get(known=ours)


@pytest.mark.parametrize("more", [-1, 1])
async def test_another_size_than_was_published_is_refused(
    get: Fetch, site: Site, tmp_path: Path, more: int
) -> None:
    size = len(site.archives[NAME])
    wrong = known(site.archives[NAME], size=size + more)
    with pytest.raises((errors.WrongSize, errors.Refused), match=str(size)):
        await get(known=wrong)

    assert left(tmp_path) == []


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_a_site_without_the_archive_is_told_with_its_answer(
    get: Fetch, site: Site, tmp_path: Path, status: int
) -> None:
    site.status = status
    with pytest.raises(errors.Refused, match=f"answers {status}"):
        await get()

    assert left(tmp_path) == []


async def test_a_name_that_the_site_has_not_is_told_with_the_nearest(
    get: Fetch, tmp_path: Path
) -> None:
    with pytest.raises(errors.UnknownModel, match=f"did you mean {NAME}"):
        await get("vosk-model-small-cn-0.23")

    assert left(tmp_path) == []


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "", ".hidden", "a/b"])
async def test_a_name_that_is_a_path_is_no_model(
    get: Fetch, site: Site, tmp_path: Path, name: str
) -> None:
    site.listing = [listed(name, site.archives[NAME])]
    with pytest.raises(errors.UnknownModel):
        await get(name)

    assert left(tmp_path) == []


async def test_a_model_that_is_there_already_is_left_alone(
    get: Fetch, site: Site, tmp_path: Path
) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(errors.AlreadyThere, match="remove it to fetch the model anew"):
        await get()

    assert site.asked == []
    assert left(tmp_path / NAME) == []


async def test_two_fetches_of_one_model_do_not_meet(get: Fetch, tmp_path: Path) -> None:
    with (tmp_path / f".{NAME}.zip.part.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(errors.AlreadyFetching):
            await get()


async def test_without_a_network_there_is_one_line(tmp_path: Path) -> None:
    # Port 9 of the loopback: nobody listens there.
    place = Place(
        Catalogue(site="http://127.0.0.1:9/models", list="l.json", models={NAME: Model()}), tmp_path
    )
    with pytest.raises(errors.Unreachable) as raised:
        await fetch(NAME, place, told=lambda *_: None, clock=lambda: NOW)

    assert str(raised.value).startswith("cannot reach 127.0.0.1:9: ")
    assert "\n" not in str(raised.value)


async def test_checksums_are_not_taken_from_an_open_line(tmp_path: Path) -> None:
    place = Place(
        Catalogue(site="http://example.com", list="l.json", models={NAME: Model()}), tmp_path
    )
    with pytest.raises(errors.NoChecksum, match="over http"):
        await fetch(NAME, place, told=lambda *_: None, clock=lambda: NOW)


async def test_a_list_that_is_none_is_told_with_its_address(get: Fetch, site: Site) -> None:
    site.listing = [{"name": NAME}]
    with pytest.raises(errors.BadCatalogue, match=r"model-list\.json: is no list of models"):
        await get()


async def test_an_archive_without_a_model_is_not_kept(
    get: Fetch, site: Site, tmp_path: Path
) -> None:
    site.archives[NAME] = archive({"README": b"no model"})
    with pytest.raises(errors.BadArchive, match="holds no model of Vosk"):
        await get()

    assert left(tmp_path) == []
