"""What providers may upload for their answers; the limits are the platform's."""

from __future__ import annotations

from engine.relay import media
from engine.relay.errors import ApiError
from engine.relay.voice.studio import Studio
from engine.speech.errors import BadUpload, SpeechError, TooLong

#: Bytes of a voice and of a thumbnail. The limit of a picture and of a film is `media.LARGEST`.
LARGEST_VOICE, LARGEST_THUMB = 2 * 1024 * 1024, 64 * 1024

#: What can be uploaded.
KINDS = ("image", "voice", "video", "thumb")

#: The formats of a voice, and how they are named when they are fetched again.
VOICES = {"amr-nb": "audio/amr", "mp3": "audio/mpeg"}


async def content_type(kind: str, data: bytes, *, studio: Studio) -> str:
    """What the bytes of an upload of this one of `KINDS` show. Raises `ApiError`."""
    if kind == "voice":
        return await _of_voice(data, studio)
    if kind == "video":
        return _of_film(data)
    return _of_thumb(data) if kind == "thumb" else _of_picture(data)


def _of_picture(data: bytes) -> str:
    if len(data) > media.LARGEST:
        raise ApiError(40009, "invalid image size")
    if found := media.picture_type(data):
        return found
    raise ApiError(40005, "invalid file type")


def _of_film(data: bytes) -> str:
    if len(data) > media.LARGEST:
        raise ApiError(40011, "invalid video size")
    if media.is_mp4(data):
        return "video/mp4"
    raise ApiError(40005, "invalid file type")


def _of_thumb(data: bytes) -> str:
    if len(data) > LARGEST_THUMB:
        raise ApiError(40012, "invalid thumb size")
    if (found := media.picture_type(data)) == "image/jpeg":
        return found
    raise ApiError(40005, "invalid file type")


async def _of_voice(data: bytes, studio: Studio) -> str:
    if len(data) > LARGEST_VOICE:
        raise ApiError(40010, "invalid voice size")
    try:
        sound = await studio.listen(data)
    except TooLong:
        raise ApiError(45007, "playtime out of limit") from None
    except BadUpload:
        raise ApiError(40005, "invalid file type") from None
    except SpeechError:
        raise ApiError(-1, "system error") from None
    if found := VOICES.get(sound.format):
        return found
    raise ApiError(40005, "invalid file type")
