"""Who may come in: signatures, the three modes, and the encryption of what goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.channels.wechat.crypto import Cipher, decrypt, is_signed, msg_signature, signature
from engine.channels.wechat.errors import BadSignature, Malformed
from engine.channels.wechat.xml import Fields, cdata, parse
from engine.settings import Account, Mode

#: How far a request's timestamp may be from our clock. The platform documents no limit: this is our
#: own, against replayed requests, and wide enough for its 15 seconds of repeats and skewed clocks.
WINDOW = timedelta(minutes=10)

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Opened:
    """A genuine message. ``cipher`` opened it and must close the answer; None for one in clear."""

    fields: Fields
    cipher: Cipher | None
    nonce: str


class Gate:
    """Verifies and opens the requests of one account, and closes the answers to them."""

    def __init__(
        self, account: Account, *, clock: Callable[[], datetime], window: timedelta = WINDOW
    ) -> None:
        self._account = account
        self._clock = clock
        self._window = window
        keys = (account.aes_key, account.previous_aes_key)
        self._ciphers = tuple(Cipher(key, account.appid) for key in keys if key)

    def verify(self, query: Query) -> str:
        """The `echostr` of a genuine URL verification. Raises `BadSignature` or `Malformed`."""
        self._check(query, "signature", signature)
        echo = query.get("echostr", "")
        if not echo:
            raise Malformed("echostr is missing")
        return echo

    def open(self, query: Query, body: bytes) -> Opened:
        """Verify a push, and decrypt it if need be. Raises `CryptoError` or `Malformed`."""
        how = query.get("encrypt_type", "raw")
        if how == "aes":
            return self._open_encrypted(query, body)
        if how != "raw":
            raise Malformed("encrypt_type is neither raw nor aes")
        self._check(query, "signature", signature)
        if self._account.mode is Mode.SAFE:
            raise Malformed("the account takes encrypted messages only")
        return self._addressed(Opened(parse(body), None, query["nonce"]), query)

    def close(self, opened: Opened, answer: str) -> str:
        """An answer as the request wants it: encrypted under the same key, or as it is."""
        if opened.cipher is None:
            return answer
        encrypted = opened.cipher.encrypt(answer)
        timestamp = str(int(self._clock().timestamp()))
        signed = msg_signature(self._account.token, timestamp, opened.nonce, encrypted)
        return (
            f"<xml><Encrypt>{cdata(encrypted)}</Encrypt>"
            f"<MsgSignature>{cdata(signed)}</MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp>"
            f"<Nonce>{cdata(opened.nonce)}</Nonce></xml>"
        )

    def _open_encrypted(self, query: Query, body: bytes) -> Opened:
        if not query.get("msg_signature"):
            raise BadSignature("msg_signature is missing")
        encrypted = parse(body).required("Encrypt")
        self._check(query, "msg_signature", msg_signature, encrypted)
        # In compatible mode the clear fields beside it prove nothing: only these are signed.
        message, cipher = decrypt(self._ciphers, encrypted)
        return self._addressed(Opened(parse(message), cipher, query["nonce"]), query)

    def _addressed(self, opened: Opened, query: Query) -> Opened:
        if opened.fields.required("ToUserName") != self._account.id:
            raise Malformed("ToUserName is not the id of this account")
        sender = opened.fields.required("FromUserName")
        if query.get("openid", sender) != sender:
            raise Malformed("the openid of the address is not the sender's")
        return opened

    def _check(self, query: Query, name: str, sign: Callable[..., str], *rest: str) -> None:
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not (query.get(name) and timestamp and nonce):
            raise BadSignature(f"{name}, timestamp or nonce is missing")
        if not is_signed(query[name], sign(self._account.token, timestamp, nonce, *rest)):
            raise BadSignature(f"{name} is wrong")
        if not self._is_fresh(timestamp):
            raise BadSignature("the timestamp is too far from this server's clock")

    def _is_fresh(self, timestamp: str) -> bool:
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11):
            return False
        return abs(self._clock().timestamp() - int(timestamp)) <= self._window.total_seconds()
