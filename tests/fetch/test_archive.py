"""Archives that somebody else made, and what they try."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.fetch import archive as unpacking
from engine.fetch.archive import unpack
from engine.fetch.errors import BadArchive
from tests.fetch.site import FILES, NAME, archive

Unpack = Callable[[bytes], Path]


@pytest.fixture
def unpacked(tmp_path: Path) -> Unpack:
    """Unpacks these bytes into a folder of its own."""

    def run(content: bytes) -> Path:
        file = tmp_path / "model.zip"
        file.write_bytes(content)
        (tmp_path / "in").mkdir()
        unpack(file, tmp_path / "in" / "model", root=NAME, told=lambda *_: None)
        return tmp_path / "in" / "model"

    return run


def with_entry(entry: zipfile.ZipInfo | str, content: bytes = b"evil") -> bytes:
    """A good archive with one entry more."""
    made = io.BytesIO(archive())
    with zipfile.ZipFile(made, "a") as zipped:
        zipped.writestr(entry, content)
    return made.getvalue()


def test_files_of_the_root_are_unpacked_without_it(unpacked: Unpack) -> None:
    folder = unpacked(archive())
    assert {name: (folder / name).read_bytes() for name in FILES} == FILES


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/evil",
        "evil",
        f"{NAME}/../../evil",
        f"{NAME}/./evil",
        f"{NAME}//evil",
        f"{NAME}\\..\\evil",
        f"{NAME}/C:/evil",
        f"{NAME}/new\nline",
        f"{NAME}/end\0of",
        f"{NAME}.other/evil",
    ],
)
def test_an_entry_outside_of_the_root_spoils_the_archive(
    unpacked: Unpack, tmp_path: Path, name: str
) -> None:
    entry = zipfile.ZipInfo("later")
    # The constructor would clean the name.
    entry.filename = entry.orig_filename = name
    with pytest.raises(BadArchive, match="nothing was unpacked"):
        unpacked(with_entry(entry))

    assert list((tmp_path / "in").iterdir()) == []
    assert not list(tmp_path.rglob("evil"))


def test_a_link_spoils_the_archive(unpacked: Unpack, tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match="is a link or no plain file"):
        unpacked(archive(links={"am/more": "/etc/passwd"}))

    assert list((tmp_path / "in").iterdir()) == []


@pytest.mark.parametrize("kind", [0o010000, 0o020000, 0o060000, 0o140000])
def test_a_pipe_a_device_and_a_socket_spoil_the_archive(unpacked: Unpack, kind: int) -> None:
    entry = zipfile.ZipInfo(f"{NAME}/special")
    entry.external_attr = (kind | 0o644) << 16
    with pytest.raises(BadArchive, match="is a link or no plain file"):
        unpacked(with_entry(entry))


@pytest.mark.parametrize("again", ["README", "readme"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice_spoils_the_archive(unpacked: Unpack, again: str) -> None:
    with pytest.raises(BadArchive, match="is there twice"):
        unpacked(with_entry(f"{NAME}/{again}"))


def test_a_file_below_a_file_spoils_the_archive(unpacked: Unpack) -> None:
    with pytest.raises(BadArchive, match="lies below a file"):
        unpacked(with_entry(f"{NAME}/README/more"))


def test_an_archive_that_grows_too_much_is_not_unpacked(
    unpacked: Unpack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "SMALL", 1 << 20)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(f"{NAME}/zeros", bytes(8 << 20))
    with pytest.raises(BadArchive, match="would unpack to 8388608 bytes"):
        unpacked(made.getvalue())

    assert list((tmp_path / "in").iterdir()) == []


def test_an_archive_that_lies_about_its_growth_stops_where_it_said(
    unpacked: Unpack, tmp_path: Path
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(f"{NAME}/zeros", bytes(8 << 20))
    whole = made.getvalue()
    claimed = whole.replace((8 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert claimed != whole
    with pytest.raises(BadArchive, match="is damaged"):
        unpacked(claimed)

    assert list((tmp_path / "in").iterdir()) == []


def test_too_many_files_are_not_unpacked(unpacked: Unpack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_FILES", 2)
    with pytest.raises(BadArchive, match="has 3 files, of at most 2"):
        unpacked(archive())


@pytest.mark.parametrize("cut", [0, 10, 1000])
def test_bytes_that_are_no_archive_are_told_so(unpacked: Unpack, cut: int) -> None:
    with pytest.raises(BadArchive, match="is damaged"):
        unpacked(archive()[:cut])


def test_an_archive_with_nothing_in_it_is_no_model(unpacked: Unpack) -> None:
    with pytest.raises(BadArchive, match="has no files"):
        unpacked(archive({}))


def test_a_byte_that_has_flipped_is_found(unpacked: Unpack, tmp_path: Path) -> None:
    content = bytearray(archive())
    content[content.index(b"modelmodel") + 5] ^= 1
    with pytest.raises(BadArchive, match="is damaged: Bad CRC"):
        unpacked(bytes(content))

    assert list((tmp_path / "in").iterdir()) == []


def test_a_locked_archive_is_refused(unpacked: Unpack) -> None:
    content = archive()
    # The flags of the first entry of the directory at the end.
    at = content.index(b"PK\x01\x02") + 8
    with pytest.raises(BadArchive, match="is packed in a way"):
        unpacked(content[:at] + b"\x01\x00" + content[at + 2 :])
