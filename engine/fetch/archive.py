"""Unpacking an archive that somebody else made."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from engine.fetch.errors import BadArchive

#: A model has some dozens of files.
MOST_FILES = 2_000

#: What models unpack to, times their archive; never less than `SMALL` bytes.
MOST_GROWTH = 20
SMALL = 64 << 20

_CHUNK = 1 << 20
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1

#: What `zipfile` raises for bytes that are no archive.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def unpack(archive: Path, folder: Path, *, root: str, told: Callable[[int, int], None]) -> None:
    """Write the files below ``root/`` of a zip archive into ``folder``, which must not exist.

    ``told`` is called with the bytes written and those to be written. Every entry is looked at
    before anything is written. Raises `BadArchive`: for an entry outside of ``root``, one that is
    no plain file, one name twice, more files or bytes than a model has, and damage. What was
    written then is removed.
    """
    try:
        with zipfile.ZipFile(archive) as zipped:
            entries = _checked(zipped, archive, root)
            _has_room(root, folder, sum(entry.file_size for entry in entries.values()))
            _write(zipped, entries, folder, told)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, _DAMAGE):
            raise BadArchive(root, f"is damaged: {error}") from error
        raise


def _checked(
    zipped: zipfile.ZipFile, archive: Path, root: str
) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """The files by their path below the root."""
    entries: dict[PurePosixPath, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    for entry in zipped.infolist():
        if fault := _fault(entry, root):
            raise BadArchive(root, fault, entry=entry.filename)
        if entry.is_dir():
            continue
        path = PurePosixPath(entry.filename).relative_to(root)
        # Some file systems do not tell upper from lower case.
        if str(path).casefold() in folded:
            raise BadArchive(root, "is there twice", entry=entry.filename)
        folded.add(str(path).casefold())
        entries[path] = entry
    return _in_bounds(entries, archive, root)


def _in_bounds(
    entries: dict[PurePosixPath, zipfile.ZipInfo], archive: Path, root: str
) -> dict[PurePosixPath, zipfile.ZipInfo]:
    whole = sum(entry.file_size for entry in entries.values())
    most = max(SMALL, MOST_GROWTH * archive.stat().st_size)
    if len(entries) > MOST_FILES:
        raise BadArchive(root, f"has {len(entries)} files, of at most {MOST_FILES}")
    if whole > most:
        raise BadArchive(root, f"would unpack to {whole} bytes, of at most {most}")
    for path, entry in entries.items():
        if any(parent in entries for parent in path.parents):
            raise BadArchive(root, "lies below a file", entry=entry.filename)
    if not entries:
        raise BadArchive(root, "has no files")
    return entries


def _fault(entry: zipfile.ZipInfo, root: str) -> str:
    """What keeps an entry from being unpacked."""
    # `filename` ends at a NUL byte, behind which another name may hide.
    if "\\" in entry.orig_filename or not entry.orig_filename.isprintable():
        return "has a name that is none"
    parts = entry.filename.rstrip("/").split("/")
    if parts[0] != root or any(part in ("", ".", "..") or ":" in part for part in parts):
        return f"is not in {root}/"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or no plain file"
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
        return "is packed in a way that models are not"
    return ""


def _has_room(root: str, folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder.parent).free
    if needed > free:
        raise BadArchive(root, f"needs {needed} bytes, but {free} are free there")


def _write(
    zipped: zipfile.ZipFile,
    entries: dict[PurePosixPath, zipfile.ZipInfo],
    folder: Path,
    told: Callable[[int, int], None],
) -> None:
    whole = sum(entry.file_size for entry in entries.values())
    written = 0
    folder.mkdir()
    for path, entry in entries.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        # `read` ends at the size that was counted above, whatever the packed bytes hold.
        with zipped.open(entry) as packed, target.open("xb") as out:
            while chunk := packed.read(_CHUNK):
                out.write(chunk)
                written += len(chunk)
                told(written, whole)
