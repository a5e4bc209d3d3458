"""The OpenAPI document of `/v1/`, held against a server by a program that knows nothing else."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from tests.web.fakes import KEY, programs

CONFIG = Path(__file__).with_name("schemathesis.toml")
#: Of each phase and operation; a seed makes them the same in every run.
EXAMPLES = ("--max-examples=25", "--seed=1", "--generation-database=none")


async def test_the_server_does_what_its_document_says(serve: Any, tmp_path: Path) -> None:
    async with serve(programs=programs()) as shop:
        running = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", f"--config-file={CONFIG}", "run"),
            *(f"{shop.url}/v1/openapi.json", "--checks=all", "--no-color", *EXAMPLES),
            f"--header=Authorization: Bearer {KEY}",
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await running.communicate()
    assert running.returncode == 0, told.decode()
