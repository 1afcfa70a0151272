"""One process of the service, from its start to its death."""

import asyncio
import json
import os
import select
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.system.stack import OPERATOR

START_SECONDS = 30
WELL_SECONDS = 30


@dataclass
class Life:
    """`descriptor` stands for the process: its number may be given to another one."""

    process: int
    descriptor: int
    log: Path
    parts: tuple[str, ...]
    port: int = 0
    is_over: bool = False

    def send(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.descriptor, number)

    def has_ended(self) -> bool:
        return self.is_over or bool(select.select([self.descriptor], [], [], 0)[0])

    def kill(self) -> None:
        """Let it die without a word, as by a power cut."""
        if self.is_over:
            return
        self.send(signal.SIGKILL)
        select.select([self.descriptor], [], [], START_SECONDS)
        os.close(self.descriptor)
        self.is_over = True

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def thaw(self) -> None:
        self.send(signal.SIGCONT)

    def is_frozen(self) -> bool:
        state = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()[0]
        return state == "T"

    async def listening(self) -> "Life":
        async with asyncio.timeout(START_SECONDS):
            while not self.port:
                assert not self.has_ended(), self.said()[-3000:]
                for line in self.said().splitlines():
                    if '"listening"' in line:
                        self.port = json.loads(line)["port"]
                await asyncio.sleep(0.02)
        return self

    def client(self, token: str = OPERATOR) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )

    async def problems(self) -> list[str]:
        """Return the codes of what is in its way, by its own /readyz."""
        async with self.client() as client:
            answer = await client.get("/readyz")
        told = answer.json()
        assert (answer.status_code == 200) == told["ready"], answer.text
        return [each["code"] for each in told.get("problems", [])]

    async def sample(self, name: str) -> float | None:
        """Return a number of its /metrics, the sum over its labels; None if it has none."""
        async with self.client() as client:
            lines = (await client.get("/metrics")).text.splitlines()
        found = [float(line.split()[-1]) for line in lines if line.startswith(name)]
        return sum(found) if found else None
