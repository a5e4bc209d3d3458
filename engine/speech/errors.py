"""What the speech room raises."""

from __future__ import annotations

from pathlib import Path


class SpeechError(Exception):
    """Base of what the speech room raises; the words for customers are not here.

    SpeechError
    ├── BadUpload       what arrived cannot be listened to, whoever tries
    │   ├── NotAudio    none of the formats that are heard
    │   ├── Damaged     begins like audio, but cannot be decoded
    │   ├── TooBig      more bytes than are looked at
    │   ├── TooLong     more seconds than are listened to
    │   ├── TooShort    no time for a word
    │   ├── Silent      nothing in it is loud enough for a voice
    │   ├── TooSlow     decoding did not end in time
    │   └── Unheard     sound, but no words in it
    ├── Unspeakable     no syllable of Mandarin
    ├── BadManifest     a line of a corpus that cannot be used
    ├── BadKaldiFile    a file of a model that is torn or of another kind
    ├── NotLearned      a training that has gone astray
    ├── NotExported     a trained network that cannot be made into a model
    ├── BadTable        a table of words, readings or n-grams is not one
    ├── Busy            more uploads are waiting than may wait; later it may work
    ├── NotFetched      the recording could not be had from where it lies
    ├── NoModel         the model that hears cannot be loaded
    └── NotWorking      no decoding process comes up: the installation is broken
    """


class BadUpload(SpeechError):
    """What arrived cannot be listened to, whoever tries."""


class NotAudio(BadUpload):
    """None of the formats that are heard; ``found`` names what it is, if that is known."""

    def __init__(self, *, found: str = "") -> None:
        super().__init__(f"not audio that is heard here: {found or 'unknown data'}")
        self.found = found


class Damaged(BadUpload):
    """Begins like audio, but cannot be decoded; ``reason`` is the decoder's, for the log."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(f"damaged audio: {reason}")
        self.reason = reason


class TooBig(BadUpload):
    """More bytes than are looked at."""

    def __init__(self, *, size: int, limit: int) -> None:
        super().__init__(f"{size} bytes of audio, of at most {limit}")
        self.size = size
        self.limit = limit


class TooLong(BadUpload):
    """More than ``limit`` seconds; how many more is not known, because decoding stops there."""

    def __init__(self, *, limit: float) -> None:
        super().__init__(f"more than {limit:g} s of audio")
        self.limit = limit


class TooShort(BadUpload):
    """No time for a word."""

    def __init__(self, *, seconds: float, limit: float) -> None:
        super().__init__(f"{seconds:.2f} s of audio, of at least {limit:g} s")
        self.seconds = seconds
        self.limit = limit


class Silent(BadUpload):
    """Nothing in its ``seconds`` is loud enough for a voice."""

    def __init__(self, *, seconds: float) -> None:
        super().__init__(f"{seconds:.2f} s of silence")
        self.seconds = seconds


class TooSlow(BadUpload):
    """Decoding did not end within ``limit`` seconds and was killed."""

    def __init__(self, *, limit: float) -> None:
        super().__init__(f"decoding took more than {limit:g} s")
        self.limit = limit


class Unheard(BadUpload):
    """No word in its ``seconds``, though it is not silent."""

    def __init__(self, *, seconds: float) -> None:
        super().__init__(f"no words in {seconds:.2f} s of sound")
        self.seconds = seconds


class Unspeakable(SpeechError):
    """``syllable`` is none of Mandarin."""

    def __init__(self, syllable: str) -> None:
        super().__init__(f"no syllable of Mandarin: {syllable!r}")
        self.syllable = syllable


class BadManifest(SpeechError):
    """``line`` of the manifest at ``path`` cannot be used, or there is no manifest (line 0)."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")
        self.path = path
        self.line = line


class BadTable(SpeechError):
    """``line`` of a table of words, readings or n-grams at ``path`` cannot be used (0: no line)."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")
        self.path = path
        self.line = line


class BadKaldiFile(SpeechError):
    """What is at byte ``at`` is not what the format has there."""

    def __init__(self, reason: str, *, at: int) -> None:
        super().__init__(f"at byte {at}: {reason}")
        self.reason = reason
        self.at = at


class NotExported(SpeechError):
    """A trained network cannot be made into a model, or a model not into a network again."""


class NotLearned(SpeechError):
    """A training that has gone astray after ``step`` steps; what was kept before is sound."""

    def __init__(self, step: int) -> None:
        super().__init__(
            f"the loss at step {step} is no number; the last checkpoint is from before, "
            "so start again, with a lower rate if it happens twice"
        )
        self.step = step


class Busy(SpeechError):
    """``waiting`` uploads wait already, or the decoder is being closed."""

    def __init__(self, *, waiting: int) -> None:
        super().__init__(f"no more uploads are taken now, {waiting} are waiting")
        self.waiting = waiting


class NoModel(SpeechError):
    """The model in ``directory`` cannot be loaded; ``reason`` says why, ``remedy`` what to do."""

    def __init__(self, *, directory: Path, reason: str, remedy: str) -> None:
        super().__init__(f"no model of speech in {directory}: {reason}; {remedy}")
        self.directory = directory
        self.reason = reason
        self.remedy = remedy


class NotWorking(SpeechError):
    """No decoding process comes up; its own words are on the standard error."""


class NotFetched(SpeechError):
    """The recording could not be had from where it lies; ``reason`` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"no recording: {reason}")
        self.reason = reason
