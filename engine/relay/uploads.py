"""What providers may upload for their answers; the limits are the platform's."""

from __future__ import annotations

from engine.relay import media
from engine.relay.errors import ApiError
from engine.relay.voice.studio import Studio
from engine.speech.errors import BadUpload, SpeechError, TooLong

#: Bytes of a voice. A picture's limit is `media.LARGEST`.
LARGEST_VOICE = 2 * 1024 * 1024

#: The formats of a voice, and how they are named when they are fetched again.
VOICES = {"amr-nb": "audio/amr", "mp3": "audio/mpeg"}


async def content_type(kind: str, data: bytes, *, studio: Studio) -> str:
    """What the bytes of an upload of this `kind`, image or voice, show. Raises `ApiError`."""
    return await _of_voice(data, studio) if kind == "voice" else _of_picture(data)


def _of_picture(data: bytes) -> str:
    if len(data) > media.LARGEST:
        raise ApiError(40009, "invalid image size")
    if found := media.picture_type(data):
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
