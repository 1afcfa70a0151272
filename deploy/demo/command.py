"""`xiaoneng demo`: the way of a few events through real servers, told while it happens."""

import asyncio
import json
import secrets
import shutil
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import asyncpg
import nats as client

from deploy.demo.story import APPROVALS, LATE, LATE_NEWS, OPENING, Report
from deploy.local.nats import nats
from deploy.local.postgres import postgres
from deploy.provision.provision import Access, provision
from deploy.provision.users import ADMINISTRATOR, names, user_of_system, users
from deploy.tenancies import ELECTRONIC_SUPERVISION, TENANCIES
from deploy.verify.verify import verify
from kernel.bus import inbox
from services.electronic_supervision.doors.systems import admit
from services.electronic_supervision.main import run as supervise
from services.electronic_supervision.settings import Settings

SUMMARY = "演示：几个事件从报送到黄牌、红牌，再到更正撤销的全过程"
PATIENCE_SECONDS = 30
CARDS = {"reminder": "预警", "yellow": "黄牌", "red": "红牌"}
Ask = Callable[[str], Any]


def add_arguments(_: ArgumentParser) -> None:
    """Declare what the command takes: nothing."""


def run(_: Namespace, now: datetime) -> int:
    """Carry the command out, on servers of its own that leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="xiaoneng-demo-"))
    folder.chmod(0o711)  # the database's own user has to get through
    try:
        asyncio.run(_demonstrate(folder, now))
    finally:
        shutil.rmtree(folder)
    return 0


async def _demonstrate(folder: Path, now: datetime) -> None:
    systems = [APPROVALS.name]
    passwords = {name: secrets.token_urlsafe(18) for name in names(TENANCIES, systems)}
    everybody = {user.name: user for user in users(TENANCIES, systems, passwords)}
    with ExitStack() as running:
        began = time.perf_counter()
        database = running.enter_context(postgres(folder / "postgres"))
        bus = running.enter_context(nats(folder / "nats", list(everybody.values())))
        report = await provision(database.url(), bus.url(everybody[ADMINISTRATOR]), passwords)
        await _admit(database.url())
        access = report.access[ELECTRONIC_SUPERVISION.name]
        took = time.perf_counter() - began
        print(f"① PostgreSQL 和 NATS 已启动，角色、库表、事件流已建立（{took:.1f} 秒）")
        async with _supervision(access, now) as ask:
            user = everybody[user_of_system(APPROVALS.name)]
            await _tell(bus.url(user), user.name, ask)
        found = await verify(database.url(), ELECTRONIC_SUPERVISION, folder / "heads", now)
        position = 0 if found.head is None else found.head.position
        state = "哈希链完整，无一改动" if not found.breaks else f"发现 {len(found.breaks)} 处改动"
        print(f"\n⑤ 核验记录：{position} 个事件，{found.publications} 个发布，{state}")


async def _admit(url: str) -> None:
    settings = {"search_path": ELECTRONIC_SUPERVISION.name}
    connection = await asyncpg.connect(url, server_settings=settings)
    await admit(connection, APPROVALS)
    await connection.close()


@asynccontextmanager
async def _supervision(access: Access, now: datetime) -> AsyncIterator[Ask]:
    """Run electronic supervision, whose clock shows `now`, and lend a way to ask it."""
    began = time.monotonic()
    token = secrets.token_urlsafe(18)
    settings = Settings(
        postgres_url=access.postgres_url, nats_url=access.nats_url, operator_token=token
    )
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    work = asyncio.create_task(
        supervise(
            settings,
            clock=lambda: now + timedelta(seconds=time.monotonic() - began),
            holder=secrets.token_hex(8),
            ready=listening.set_result,
        )
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            port = await listening
        print(f"② 电子监察已就绪：http://127.0.0.1:{port}")
        yield lambda path: _get(port, token, path)
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def _tell(url: str, name: str, ask: Ask) -> None:
    """Let the approvals system report, and show what becomes of it."""
    print("③ 审批系统经总线报送：")
    await _report(url, name, *OPENING)
    began = time.perf_counter()
    cards = await _until(ask, "/judgements", lambda page: len(page["items"]) == len(CARDS))
    print(f"   判定（{time.perf_counter() - began:.2f} 秒内）：")
    for card in sorted(cards["items"], key=lambda each: each["fired_at"]):
        print(f"   {card['number']}　{CARDS[card['level']]}　{card['fired_at']}")
    cases = (await asyncio.to_thread(ask, "/cases"))["items"]
    case = next(each["id"] for each in cases if each["number"] == LATE)
    told = await asyncio.to_thread(ask, f"/cases/{case}/explanation?as_of=2026-03-12T10:00:00Z")
    print("   依据逐日说明：")
    print("\n".join(f"   │ {line}" for line in told["text"].splitlines()))
    print("\n④ 一条迟报的事实到了：")
    await _report(url, name, LATE_NEWS)
    left = await _until(ask, f"/cases/{case}", lambda each: each["judgements"] == ["reminder"])
    verdict = "按时办结" if left["total"]["verdict"] == "on_time" else left["total"]["verdict"]
    print(f"   黄牌、红牌已撤销，结论更正为{verdict}；原判定和撤销原因都留在记录里。")


async def _report(url: str, name: str, *told: Report) -> None:
    connection = await client.connect(url, inbox_prefix=inbox(name))
    for each in told:
        await connection.jetstream().publish(each.subject, each.body)
        print(f"   {each.words}")
    await connection.close()


async def _until(ask: Ask, path: str, is_there: Callable[[Any], bool]) -> Any:
    """Ask until the answer is there."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if is_there(answer := await asyncio.to_thread(ask, path)):
                return answer
            await asyncio.sleep(0.02)


def _get(port: int, token: str, path: str) -> Any:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        return json.load(connection.getresponse())
    finally:
        connection.close()
