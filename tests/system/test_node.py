"""An engineer elsewhere reports and hears, with the official Node.js client and our schemas."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from tests.contracts.published_schemas import PACKAGE
from tests.system.stack import NEWSROOM, Stack

NODE = Path(__file__).parents[1] / "node"


@pytest.mark.node
@pytest.mark.usefixtures("supervision")
async def test_a_node_program_reports_a_case_and_hears_its_judgement(city: Stack) -> None:
    node = shutil.which("node")
    if node is None or not (NODE / "node_modules" / "@nats-io").exists():
        pytest.fail("Node.js or its packages are missing: make test-all, or npm ci in tests/node")
    await city.subscribe_newsroom()
    urls = city.system_url, city.bus.url(NEWSROOM)
    program = await asyncio.create_subprocess_exec(
        *(node, str(NODE / "report-and-hear.mjs"), str(PACKAGE / "schemas"), *urls, "JS-1"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await program.communicate()
    assert program.returncode == 0, err.decode()
    heard = [json.loads(line) for line in out.splitlines()]
    assert [event["data"]["level"] for event in heard] == ["yellow", "red"]
    assert {event["data"]["due_on"] for event in heard} == {"2026-03-09"}
