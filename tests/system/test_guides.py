"""The samples of the guides do what the guides say, on a stack as an engineer finds it."""

import asyncio
import json
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.deploy.typed import Place, clean_environment, place
from tests.waiting import until

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "guides"
NODE = ROOT / "tests" / "node"
FENCE = re.compile(r"^```(\w+) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANY_FENCE = re.compile(r"^```(\S*)( \S+)?$", re.MULTILINE)
SHIM = '#!/bin/sh\nexec "{python}" -P -m deploy.command "$@" --data "{data}"\n'
PATIENCE_SECONDS = 30
BREACHED = "xiaoneng.supervision.deadline-breached.v1"


def samples(guide: str) -> dict[str, str]:
    """Return the samples of a guide by their names."""
    text = (GUIDES / guide).read_text(encoding="utf-8")
    return {name: code for _, name, code in FENCE.findall(text)}


@dataclass
class Bench:
    """Where an engineer types what the guides say."""

    stage: Place
    folder: Path

    def command(self, guide: str, name: str) -> Sequence[str]:
        code = samples(guide)[name]
        if name.endswith(".py"):
            (self.folder / name).write_text(code)
            return [sys.executable, name]
        if name.endswith(".mjs"):
            (self.folder / name).write_text(code)
            return [_node(), name]
        return ["/bin/sh", "-euc", code]

    @property
    def environment(self) -> dict[str, str]:
        port = self.stage.stack["nats_url"].rpartition(":")[2]
        told = clean_environment()
        told["PATH"] = f"{self.folder / 'bin'}:{told['PATH']}"
        told["PYTHONPATH"] = str(ROOT)
        return told | {
            "XIAONENG_HTTP": self.stage.stack["console"],
            "XIAONENG_NATS": f"nats://127.0.0.1:{port}",
        }

    async def runs(self, guide: str, name: str) -> str:
        """Return what a sample says once it has ended well."""
        async with self.running(guide, name) as sample:
            async with asyncio.timeout(PATIENCE_SECONDS):
                out, err = await sample.communicate()
        assert sample.returncode == 0, (out + err).decode()
        return out.decode()

    @asynccontextmanager
    async def running(self, guide: str, name: str) -> AsyncIterator[asyncio.subprocess.Process]:
        sample = await asyncio.create_subprocess_exec(
            *self.command(guide, name),
            cwd=self.folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        try:
            yield sample
        finally:
            with suppress(ProcessLookupError):
                os.killpg(sample.pid, signal.SIGKILL)  # a shell's curl too
            await sample.communicate()

    async def says(self, guide: str, name: str, words: str, meanwhile: str = "") -> None:
        """Run a sample that never ends until it says something."""
        async with self.running(guide, name) as sample, asyncio.timeout(PATIENCE_SECONDS):
            assert sample.stdout is not None
            while line := (await sample.stdout.readline()).decode():
                if words in line:
                    return
                if meanwhile and "listening" in line:
                    await self.report_late(meanwhile)
            assert sample.stderr is not None
            pytest.fail(f"{name} ended: {(await sample.stderr.read()).decode()}")

    async def cases(self) -> set[str]:
        headers = {"Authorization": f"Bearer {self.stage.stack['token']}"}
        async with httpx.AsyncClient(base_url=self.stage.stack["console"]) as office:
            answer = await office.get("/cases", params={"source": "/wuhu/oa"}, headers=headers)
        return {each["number"] for each in answer.json()["items"]}

    async def report_late(self, case: str) -> None:
        """Report a case that is overdue for years."""
        event: dict[str, Any] = {
            "specversion": "1.0",
            "id": f"late-{case}",
            "source": "/wuhu/oa",
            "type": "xiaoneng.approvals.case-accepted.v1",
            "time": "2026-03-02T10:00:00+08:00",
            "data": {"case": case, "unit": "WH-ZJJ", "item": "A1"}
            | {"stated_limit": {"amount": 5, "unit": "working-days"}},
        }
        headers = {
            "Authorization": f"Bearer {(self.folder / 'oa.token').read_text().strip()}",
            "Content-Type": "application/cloudevents+json",
        }
        async with httpx.AsyncClient(base_url=self.stage.stack["console"]) as door:
            answer = await door.post("/events", content=json.dumps(event), headers=headers)
        assert answer.status_code == 202, answer.text


def _node() -> str:
    node = shutil.which("node")
    if node is None or not (NODE / "node_modules" / "@nats-io").exists():
        pytest.fail("Node.js or its packages are missing: make test-all, or npm ci in tests/node")
    return node


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("engineer")
    with place() as stage:
        started = stage.up("--background")
        assert started.returncode == 0, started.stderr
        (folder / "bin").mkdir()
        shim = folder / "bin" / "xiaoneng"
        shim.write_text(SHIM.format(python=sys.executable, data=stage.data))
        shim.chmod(0o755)
        (folder / "node_modules").symlink_to(NODE / "node_modules")
        yield Bench(stage, folder)


@pytest.fixture(scope="module")
async def partners(bench: Bench) -> Bench:
    """Add both partners as the guides say."""
    await bench.runs("emit.md", "add")
    await bench.runs("subscribe.md", "add")
    return bench


async def test_an_event_is_tried_and_then_reported_with_curl(partners: Bench) -> None:
    told = json.loads(await partners.runs("emit.md", "try"))
    (fate,) = told["events"]
    assert (fate["outcome"], fate["test"]) == ("accepted", True)
    assert fate["outlook"]["clocks"][0]["due_on"] == "2026-03-09"
    assert await partners.cases() == set(), "a test was recorded"
    assert json.loads(await partners.runs("emit.md", "emit"))["outcome"] == "accepted"
    assert json.loads(await partners.runs("emit.md", "emit"))["outcome"] == "duplicate"
    assert json.loads(await partners.runs("emit.md", "batch"))["accepted"] == 2

    async def is_there() -> bool:
        return "JSXK-2026-0031" in await partners.cases()

    await until(is_there)


async def test_python_reports_on_the_bus(partners: Bench) -> None:
    assert "of CITY" in await partners.runs("emit.md", "emit.py")

    async def is_there() -> bool:
        return "JSXK-2026-0033" in await partners.cases()

    await until(is_there)


async def test_python_hears_what_waited_for_it(partners: Bench) -> None:
    await partners.report_late("waited")
    await partners.says("subscribe.md", "hear.py", f"{BREACHED} waited")


async def test_python_hears_alerts_as_they_come(partners: Bench) -> None:
    words = f"{BREACHED} by-ear"
    await partners.says("subscribe.md", "listen.py", words, meanwhile="by-ear")


async def test_curl_follows_judgements_over_http(partners: Bench) -> None:
    await partners.report_late("by-http")
    await partners.says("subscribe.md", "stream", "by-http")


@pytest.mark.node
async def test_node_reports_on_the_bus(partners: Bench) -> None:
    assert "of CITY" in await partners.runs("emit.md", "emit.mjs")

    async def is_there() -> bool:
        return "JSXK-2026-0032" in await partners.cases()

    await until(is_there)


@pytest.mark.node
async def test_node_hears_what_waited_for_it(partners: Bench) -> None:
    await partners.report_late("for-node")
    await partners.says("subscribe.md", "hear.mjs", f"{BREACHED} for-node")


def test_no_sample_of_a_guide_is_left_untried() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    for guide in ("emit.md", "subscribe.md"):
        text = (GUIDES / guide).read_text(encoding="utf-8")
        named = samples(guide)
        opened = [each for each in ANY_FENCE.findall(text) if each[0]]
        assert len(opened) == len(named), f"{guide} has a sample without a name"
        for name in named:
            assert f'"{guide}", "{name}"' in source, f"{name} of {guide} is never run"
