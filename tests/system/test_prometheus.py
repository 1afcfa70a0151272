"""What a service that runs tells Prometheus, and its container's probe."""

import asyncio
import re
import shutil
from pathlib import Path

import pytest
import yaml

from deploy.image.alive import PORT, alive
from tests.electronic_supervision.live.said import accepted, raw
from tests.system.stack import REPORTER, Process
from tests.waiting import until

RULES = Path(__file__).parents[2] / "deploy/prometheus/rules.yml"
SINGLE = {"Content-Type": "application/cloudevents+json"}
OF_PROMETHEUS = {"up", "probe_success"}


def asked_for() -> set[str]:
    """Return the names of all metrics that an alert is made of."""
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    told = " ".join(rule["expr"] for group in groups for rule in group["rules"])
    return set(re.findall(r"\b(?:xiaoneng_\w+|up|probe_\w+)\b", told)) - OF_PROMETHEUS


async def metrics(process: Process) -> str:
    async with process.client() as client:
        return (await client.get("/metrics")).text


async def test_every_alert_is_made_of_what_a_service_tells(supervision: Process) -> None:
    async with supervision.client(REPORTER) as reporter:
        told = raw(accepted("2026-03-02 10:00"))
        assert (await reporter.post("/events", content=told, headers=SINGLE)).status_code == 202

    async def all_told() -> bool:
        names = {re.split(r"[ {]", each)[0] for each in (await metrics(supervision)).splitlines()}
        return asked_for() <= names

    await until(all_told)


@pytest.mark.debian
async def test_promtool_finds_nothing_wrong_with_what_a_service_tells(supervision: Process) -> None:
    if shutil.which("promtool") is None:
        pytest.fail("promtool is missing: apt-get install prometheus")
    promtool = await asyncio.create_subprocess_exec(
        *("promtool", "check", "metrics"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await promtool.communicate((await metrics(supervision)).encode())
    assert promtool.returncode == 0, said.decode()


async def test_the_probe_of_the_image_finds_a_service_that_lives(supervision: Process) -> None:
    environment = {PORT: str(supervision.port)}
    assert await asyncio.to_thread(alive, environment) == 0
    supervision.kill()
    assert await asyncio.to_thread(alive, environment) == 1
