"""Signatures and encryption, held against wechatpy as a second implementation."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.utils import WeChatSigner

from engine.channels.wechat.crypto import (
    Cipher,
    CryptoError,
    InvalidKey,
    Undecryptable,
    WrongAppId,
    decrypt,
    is_signed,
    msg_signature,
    signature,
)

APPID = "wx0123456789abcdef"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OTHER_KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"

printable = st.text(st.characters(codec="utf-8"), max_size=300)


@pytest.fixture
def cipher() -> Cipher:
    return Cipher(AES_KEY, APPID)


def raw(clear: bytes, key: str = AES_KEY) -> str:
    """A ciphertext of arbitrary clear bytes, already padded by the caller."""
    aes = base64.b64decode(key + "=")
    encryptor = BlockCipher(AES(aes), CBC(aes[:16])).encryptor()
    return base64.b64encode(encryptor.update(clear) + encryptor.finalize()).decode()


def padded(clear: bytes) -> bytes:
    count = 32 - len(clear) % 32
    return clear + bytes([count]) * count


def test_the_signature_is_sha1_over_the_sorted_parts() -> None:
    expected = hashlib.sha1(b"1409304348" + b"nonce" + b"token").hexdigest()
    assert signature("token", "1409304348", "nonce") == expected


@given(st.lists(printable, min_size=4, max_size=4))
def test_signatures_equal_those_of_wechatpy(parts: list[str]) -> None:
    signer = WeChatSigner()
    signer.add_data(*parts)
    assert msg_signature(*parts) == signer.signature


def test_signatures_are_compared_as_a_whole() -> None:
    assert is_signed("abc", "abc")
    assert not is_signed("abd", "abc")
    assert not is_signed("", "abc")
    assert not is_signed("签名\udc80", "abc")


@given(printable)
def test_a_message_comes_back_from_its_encryption(message: str) -> None:
    cipher = Cipher(AES_KEY, APPID)
    assert cipher.decrypt(cipher.encrypt(message)) == message.encode()


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=300))
def test_wechatpy_opens_what_is_encrypted_here_and_the_reverse(message: str) -> None:
    cipher, other = Cipher(AES_KEY, APPID), PrpCrypto(base64.b64decode(AES_KEY + "="))
    assert other.decrypt(cipher.encrypt(message), APPID) == message
    assert cipher.decrypt(other.encrypt(message, APPID).decode()) == message.encode()


def test_wechatpy_verifies_the_message_signature(cipher: Cipher) -> None:
    encrypted = cipher.encrypt("<xml><Content>好</Content></xml>")
    body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{encrypted}</Encrypt></xml>"
    signed = msg_signature("token", "1409304348", "nonce", encrypted)
    opened = WeChatCrypto("token", AES_KEY, APPID).decrypt_message(
        body, signed, "1409304348", "nonce"
    )
    assert opened == "<xml><Content>好</Content></xml>"


def test_every_message_is_salted_anew(cipher: Cipher) -> None:
    assert cipher.encrypt("同样的话") != cipher.encrypt("同样的话")


@pytest.mark.parametrize("length", range(33))
def test_padding_fills_blocks_of_32_bytes(length: int) -> None:
    cipher = Cipher(AES_KEY, APPID, salt=bytes)
    encrypted = cipher.encrypt("x" * length)
    assert len(base64.b64decode(encrypted)) % 32 == 0
    assert cipher.decrypt(encrypted) == b"x" * length


@pytest.mark.parametrize("key", ["", AES_KEY[:-1], AES_KEY + "A", AES_KEY[:-1] + "=", "钥" * 43])
def test_a_key_that_is_not_43_characters_of_base64_is_refused(key: str) -> None:
    with pytest.raises(InvalidKey):
        Cipher(key, APPID)


def test_a_message_for_another_account_is_refused(cipher: Cipher) -> None:
    with pytest.raises(WrongAppId):
        cipher.decrypt(Cipher(AES_KEY, "wxother").encrypt("hello"))


def test_an_appid_that_only_ends_like_ours_is_refused(cipher: Cipher) -> None:
    with pytest.raises(WrongAppId):
        cipher.decrypt(Cipher(AES_KEY, "x" + APPID).encrypt("hello"))


@pytest.mark.parametrize(
    "encrypted",
    [
        "",
        "*",
        "AAAA",
        "密文",
        "\ud800",
        base64.b64encode(bytes(15)).decode(),
        base64.b64encode(bytes(32)).decode()[:-2],
        base64.b64encode(bytes(32)).decode() + "\n",
        raw(bytes(32)),
        raw(bytes(31) + b"\x21"),
        raw(bytes(31) + b"\x02"),
        raw(b"\x20" * 32),
        raw(padded(bytes(19))),
        raw(padded(bytes(16) + b"\xff\xff\xff\xff" + b"short" + APPID.encode())),
        raw(padded(bytes(16) + (100).to_bytes(4, "big") + b"short" + APPID.encode())),
    ],
)
def test_malformed_ciphertexts_are_undecryptable(cipher: Cipher, encrypted: str) -> None:
    with pytest.raises(Undecryptable):
        cipher.decrypt(encrypted)


@given(st.binary(max_size=200), st.booleans())
def test_random_input_gives_a_typed_error_and_nothing_else(data: bytes, blocks: bool) -> None:
    cipher = Cipher(AES_KEY, APPID)
    encrypted = raw(padded(data)) if blocks else base64.b64encode(data).decode()
    with pytest.raises(CryptoError):
        cipher.decrypt(encrypted)


def test_the_previous_key_opens_what_the_current_one_cannot(cipher: Cipher) -> None:
    previous = Cipher(OTHER_KEY, APPID)
    assert decrypt((cipher, previous), previous.encrypt("旧")) == ("旧".encode(), previous)
    assert decrypt((cipher, previous), cipher.encrypt("新")) == ("新".encode(), cipher)


def test_no_key_at_all_opens_nothing(cipher: Cipher) -> None:
    with pytest.raises(Undecryptable):
        decrypt((), cipher.encrypt("hello"))


def test_the_error_of_the_current_key_is_told(cipher: Cipher) -> None:
    foreign = Cipher(AES_KEY, "wxother").encrypt("hello")
    with pytest.raises(WrongAppId):
        decrypt((cipher, Cipher(OTHER_KEY, APPID)), foreign)
