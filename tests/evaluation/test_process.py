"""Evaluation as a process on real servers: what it acknowledged comes to the stream."""

import asyncio
import base64
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.subjects import ours, parse
from deploy.tenancies import ACCESS
from services.evaluation.project import rebuild
from services.evaluation.reading.units import unit
from services.evaluation.register import carry_out
from services.evaluation.tenancy import TENANCY
from tests.contracts.published_schemas import validator
from tests.deploy.conftest import House
from tests.evaluation.units import (
    HEALTH_FORM,
    HOUSING,
    HOUSING_FORM,
    NOW,
    RENAMING_FORM,
    acting,
)
from tests.system.access import let_in

SECONDS = 30
STREAM = "ORGANISATION"


@dataclass
class Process:
    """A service that runs, and where its doors are once it told."""

    popen: "subprocess.Popen[str]"
    log: Path

    async def client(self) -> httpx.AsyncClient:
        port = await self._port()
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": "Bearer operator"},
            timeout=SECONDS,
        )

    async def _port(self) -> int:
        async with asyncio.timeout(SECONDS):
            while True:
                for line in self.log.read_text("utf-8").splitlines():
                    told = json.loads(line)
                    if told.get("event") == "listening":
                        return int(told["port"])
                assert self.popen.poll() is None, self.log.read_text("utf-8")
                await asyncio.sleep(0.02)


def environment(house: House, **changed: str) -> dict[str, str]:
    usual = {
        "XIAONENG_POSTGRES_URL": house.role_url(TENANCY),
        "XIAONENG_NATS_URL": house.user_url(TENANCY.name),
        "XIAONENG_ACCESS_URL": house.role_url(ACCESS),
        "XIAONENG_HTTP_PORT": "0",
    }
    return os.environ | usual | changed


@contextmanager
def started(house: House, **changed: str) -> Iterator[Process]:
    with tempfile.TemporaryDirectory(prefix="xiaoneng-test-") as folder:
        log = Path(folder) / "log"
        with log.open("w") as file:
            popen = subprocess.Popen(
                [sys.executable, "-m", "services.evaluation"],
                stdout=file,
                stderr=file,
                text=True,
                env=environment(house, **changed),
            )
        try:
            yield Process(popen, log)
        finally:
            popen.kill()
            popen.wait(SECONDS)


@pytest.fixture(autouse=True)
async def operator(provisioned: House) -> None:
    await let_in(provisioned.postgres_url, "operator")


@pytest.fixture
async def process(provisioned: House) -> AsyncIterator[Process]:
    with started(provisioned) as running:
        yield running


async def heard(house: House, number: int) -> list[tuple[str, dict[str, Any]]]:
    """Wait until the stream holds so many messages, and return all by their subjects."""
    async with asyncio.timeout(SECONDS):
        while True:
            if (last := await length(house)) >= number:
                break
            await asyncio.sleep(0.02)
    messages = [
        (await house.ask(f"STREAM.MSG.GET.{STREAM}", {"seq": sequence}))["message"]
        for sequence in range(1, last + 1)
    ]
    return [(each["subject"], json.loads(base64.b64decode(each["data"]))) for each in messages]


async def length(house: House) -> int:
    return int((await house.ask(f"STREAM.INFO.{STREAM}"))["state"]["last_seq"])


async def is_ready(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(SECONDS):
        while (answer := await client.get("/readyz")).status_code != 200:
            assert answer.status_code == 503
            await asyncio.sleep(0.05)


async def test_a_unit_that_was_registered_is_told_on_the_stream(
    provisioned: House, process: Process
) -> None:
    async with await process.client() as client:
        await is_ready(client)
        assert (await client.put("/units/WHZJW", json=HOUSING_FORM)).status_code == 201
        ((subject, event),) = await heard(provisioned, 1)
    event_type = "xiaoneng.organisation.unit-registered.v1"
    assert subject == ours(event_type, unit="WHZJW", key="WHZJW")
    validator("organisation.unit-registered.v1").validate(event)
    assert (event["type"], event["source"]) == (event_type, "/xiaoneng/evaluation")
    assert event["data"]["name"] == HOUSING_FORM["name"]


async def test_a_unit_with_any_code_is_told(provisioned: House, process: Process) -> None:
    codes = ["住建委.房管处", "a b", "*", ">", "单位" * 50, "😀" * 100]
    async with await process.client() as client:
        for code in codes:
            form = {**HEALTH_FORM, "aliases": [{"source": "/wuhu/12345", "code": code}]}
            answer = await client.put(f"/units/{_quoted(code)}", json=form)
            assert answer.status_code == 201, answer.text
            assert (await client.get(f"/units/{_quoted(code)}")).json()["code"] == code
        told = await heard(provisioned, len(codes))
    assert [event["data"]["unit"] for _, event in told] == codes
    assert [parse(subject).unit for subject, _ in told] == codes


async def test_what_was_acknowledged_before_a_kill_is_told_once_after_it(
    provisioned: House,
) -> None:
    for attempt in range(3):
        with started(provisioned) as process:
            async with await process.client() as client:
                code = f"/units/WH{attempt}"
                answers = [
                    await client.put(code, json=HEALTH_FORM),
                    await client.post(f"{code}/rename", json=RENAMING_FORM),
                ]
                process.popen.send_signal(signal.SIGKILL)
            assert [each.status_code for each in answers] == [201, 200]
    with started(provisioned) as process:
        async with await process.client() as client:
            told = [event for _, event in await heard(provisioned, 6)]
            await is_ready(client)
            shown = (await client.get("/units")).json()["items"]
    assert [event["sequence"] for event in told] == [f"{n:020d}" for n in range(1, 7)]
    assert [event["data"]["unit"] for event in told] == ["WH0"] * 2 + ["WH1"] * 2 + ["WH2"] * 2
    assert [each["name"] for each in shown] == [RENAMING_FORM["name"]] * 3


async def test_units_are_registered_while_the_bus_is_away_and_told_later(
    provisioned: House,
) -> None:
    with started(provisioned, XIAONENG_NATS_URL=f"nats://127.0.0.1:{_closed_port()}") as process:
        async with await process.client() as client:
            assert (await client.put("/units/WHZJW", json=HOUSING_FORM)).status_code == 201
            answer = await client.get("/readyz")
            assert answer.status_code == 503
            assert [each["code"] for each in answer.json()["problems"]] == ["bus-unreachable"]
    with started(provisioned):
        ((_, event),) = await heard(provisioned, 1)
    assert event["data"]["unit"] == "WHZJW"


async def test_a_stream_that_was_lost_is_told_everything_again(
    provisioned: House, process: Process
) -> None:
    async with await process.client() as client:
        await client.put("/units/WHZJW", json=HOUSING_FORM)
        before = await heard(provisioned, 1)
        await provisioned.ask(f"STREAM.DELETE.{STREAM}")
        await provisioned.provision()
        assert await heard(provisioned, 1) == before


async def test_a_process_that_is_told_to_stop_stops(process: Process) -> None:
    async with await process.client() as client:
        assert (await client.get("/livez")).status_code == 200
    process.popen.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(process.popen.wait, SECONDS) == 0
    last = json.loads(process.log.read_text("utf-8").splitlines()[-1])
    assert (last["message"], last["level"]) == ("stopped", "INFO")


async def test_a_process_that_can_not_start_says_why_in_a_line() -> None:
    told = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "services.evaluation"],
        env={name: value for name, value in os.environ.items() if not name.startswith("XIAONENG")},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (told.returncode, told.stderr) == (1, "xiaoneng: XIAONENG_POSTGRES_URL is not set\n")


async def test_the_tables_can_be_rebuilt_with_no_more_rights_than_the_service_has(
    provisioned: House,
) -> None:
    async with provisioned.database(TENANCY) as connection:
        await carry_out(connection, HOUSING, now=NOW, acting=acting("operator"))
        await rebuild(connection)
        assert await unit(connection, HOUSING.code) is not None


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _quoted(code: str) -> str:
    return str(httpx.QueryParams({"": code}))[1:].replace("+", "%20")
