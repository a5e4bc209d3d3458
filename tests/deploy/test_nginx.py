"""The shipped site of nginx, started in front of two processes of a provider."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.web.test_draining import Now
from tests.web.test_serve import accounts, lines
from tests.web.test_workers import serving

__all__ = ["accounts"]

SITE = Path(__file__).parents[2] / "deploy" / "nginx.conf"
NAME = "chat.example.com"
MAIN = """\
daemon off;
pid {folder}/pid;
error_log stderr notice;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/unused;
    uwsgi_temp_path {folder}/unused;
    scgi_temp_path {folder}/unused;
    include {folder}/site.conf;
}}
"""


def certify(folder: Path) -> ssl.SSLContext:
    """Write a certificate and its key; who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1)
    builder = builder.not_valid_before(now - timedelta(days=1))
    builder = builder.not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(
        x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False
    )
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    (folder / "fullchain.pem").write_bytes(pem)
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return ssl.create_default_context(cadata=pem.decode())


def site(folder: Path, *, port: int, provider: str) -> str:
    """The shipped file with what its first line says to change, and less patience."""
    changes = {
        "127.0.0.1:8000": provider.removeprefix("http://"),
        "listen 443": f"listen 127.0.0.1:{port}",
        f"/etc/letsencrypt/live/{NAME}": str(folder),
        "client_body_timeout 5s": "client_body_timeout 1s",
    }
    text = SITE.read_text("utf-8")
    for shipped, ours in changes.items():
        assert shipped in text
        text = text.replace(shipped, ours)
    return text


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Front:
    """nginx before a provider: its port, and who trusts its certificate."""

    def __init__(self, port: int, trust: ssl.SSLContext) -> None:
        self.port = port
        self.trust = trust
        self.url = f"https://{NAME}:{port}"

    def client(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self.trust, resolver=Loopback())
        )


class Loopback(aiohttp.abc.AbstractResolver):
    """Every name is this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[aiohttp.abc.ResolveResult]:
        found = aiohttp.abc.ResolveResult(
            hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0
        )
        return [found]

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
async def front(
    tmp_path: Path, accounts: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Front]:
    monkeypatch.setenv("BANLI_SPEECH_MODEL", "off")
    async with serving(tmp_path, accounts) as (_, provider):
        port, trust = free_port(), certify(tmp_path)
        (tmp_path / "site.conf").write_text(site(tmp_path, port=port, provider=provider), "utf-8")
        # Folders of tests are root's own, where root runs them.
        user = "user root;" if os.geteuid() == 0 else ""
        (tmp_path / "main.conf").write_text(MAIN.format(folder=tmp_path, user=user), "utf-8")
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        options = ("-p", str(tmp_path), "-c", str(tmp_path / "main.conf"))
        nginx = await asyncio.create_subprocess_exec(
            program, *options, stderr=asyncio.subprocess.PIPE
        )
        said = [line async for line in until_it_serves(nginx)]
        assert nginx.returncode is None, said
        yield Front(port, trust)
        nginx.terminate()
        await nginx.communicate()


async def until_it_serves(nginx: asyncio.subprocess.Process) -> AsyncIterator[str]:
    """What nginx says until its first worker is there, or it has ended."""
    async for line in lines(nginx):
        yield line
        if "start worker process " in line:
            return
    await nginx.wait()


async def status_of(front: Front, path: str) -> int:
    async with front.client() as client, client.get(front.url + path) as response:
        return response.status


async def say(front: Front) -> tuple[int, str]:
    async with front.client() as client:
        platform = Now(client, front.url)
        body = platform.text("你好", to="1", openid="o1", MsgId="1")
        return await platform.push(body, to="airline")


async def test_the_platform_reaches_the_provider_and_strangers_no_figures(front: Front) -> None:
    status, answer = await say(front)
    assert status == 200
    assert "<Content>" in answer
    assert await status_of(front, "/healthz") == 200
    assert await status_of(front, "/readyz") == 200
    assert await status_of(front, "/metrics") == 404


async def test_a_body_that_is_too_large_or_too_slow_never_reaches_the_provider(
    front: Front,
) -> None:
    async with front.client() as client:
        with_much = client.post(f"{front.url}/wechat/airline", data=BytesIO(bytes(4 << 20)))
        async with with_much as response:
            assert (response.status, response.headers["server"][:5]) == (413, "nginx")
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", front.port, ssl=front.trust, server_hostname=NAME
    )
    head = f"POST /wechat/airline HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 100\r\n\r\n<xml>"
    writer.write(head.encode())
    await writer.drain()
    # Meanwhile others are answered.
    assert (await say(front))[0] == 200
    ended = await reader.read()
    assert ended == b"" or ended.startswith(b"HTTP/1.1 408")
    writer.close()
