"""Uploads that name files and addresses, as playlists do: nothing is opened, nobody is called."""

from __future__ import annotations

import ctypes
import io
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from engine.speech.audio.decoder import Decoder
from engine.speech.audio.decoding import decode
from engine.speech.audio.sound import Limits
from engine.speech.errors import BadUpload, NotAudio
from tests.speech.clips import clip


class Watch:
    """Tells whether anybody has opened a file since, by the kernel's inotify."""

    IN_OPEN = 0x20
    EVENT = struct.Struct("iIII")

    def __init__(self, file: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._notes = libc.inotify_init1(os.O_NONBLOCK)
        assert libc.inotify_add_watch(self._notes, bytes(file), self.IN_OPEN) >= 0

    def saw_it_opened(self) -> bool:
        try:
            return len(os.read(self._notes, 4096)) >= self.EVENT.size
        except BlockingIOError:
            return False

    def close(self) -> None:
        os.close(self._notes)


@pytest.fixture
def canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """`canary.wav` in the working directory, watched."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "canary.wav"
    file.write_bytes(clip("wav"))
    watch = Watch(file)
    yield watch
    watch.close()


@pytest.fixture
def doorbell() -> Iterator[socket.socket]:
    """A listening socket that nobody should connect to."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


CONCAT = b"ffconcat version 1.0\nfile canary.wav\n"

#: What formats begin with that name other files.
DISGUISES = [b"", b"#!AMR\n", b"OggS", b"\x1aE\xdf\xa3", b"RIFF\0\0\0\0WAVE", b"fLaC", b"ID3"]


def test_the_canary_sings_when_a_reader_is_not_fixed(canary: Watch) -> None:
    assert not canary.saw_it_opened()
    with av.open(io.BytesIO(CONCAT)) as file:
        assert file.streams.audio
    assert canary.saw_it_opened()


@pytest.mark.parametrize("disguise", DISGUISES)
async def test_an_upload_that_names_a_file_does_not_open_it(
    canary: Watch, decoder: Decoder, disguise: bytes
) -> None:
    for upload in (disguise + CONCAT, b"\0\0\0\x18ftypisom" + CONCAT, b"\xff\xf1" + CONCAT):
        # In this process too, which could open it.
        with pytest.raises(BadUpload):
            decode(upload, Limits())
        with pytest.raises(BadUpload):
            await decoder.decode(upload)
    assert not canary.saw_it_opened()


@pytest.mark.parametrize(
    "text",
    [
        "ffconcat version 1.0\nfile http://127.0.0.1:{port}/a.wav\n",
        "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:{port}/a.ts\n#EXT-X-ENDLIST\n",
        "[playlist]\nFile1=http://127.0.0.1:{port}/a.mp3\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
        "m=audio {port} RTP/AVP/TCP 0\na=control:rtsp://127.0.0.1:{port}/\n",
    ],
    ids=["ffconcat", "hls", "playlist", "sdp"],
)
async def test_an_upload_that_names_an_address_does_not_call_it(
    doorbell: socket.socket, decoder: Decoder, text: str
) -> None:
    upload = text.format(port=doorbell.getsockname()[1]).encode()
    with pytest.raises(NotAudio):
        decode(upload, Limits())
    with pytest.raises(NotAudio):
        await decoder.decode(upload)
    with pytest.raises(BlockingIOError):
        doorbell.accept()


async def test_an_upload_that_describes_a_broadcast_does_not_listen_to_it(
    decoder: Decoder,
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1] & ~1
    upload = (
        f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0\n"
    ).encode()
    with pytest.raises(NotAudio):
        decode(upload, Limits())
    # A reader of it would wait for packets until it is killed, and that is another error.
    with pytest.raises(NotAudio):
        await decoder.decode(upload)
