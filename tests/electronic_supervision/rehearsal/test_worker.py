"""Rehearsals that are asked for are carried out, whatever dies meanwhile."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from kernel.database import open_pool
from kernel.lease import LeaseLostError, acquire
from services.electronic_supervision.domain.rules.life_stages import Rehearsed, digest_of
from services.electronic_supervision.rehearsal import keep
from services.electronic_supervision.rehearsal.keep import Rehearsal, ask, draft
from services.electronic_supervision.rehearsal.lane import Place
from services.electronic_supervision.rehearsal.proposal import Kind, Proposal
from services.electronic_supervision.rehearsal.tally import Tally
from services.electronic_supervision.rehearsal.worker import Worker
from services.electronic_supervision.rules.keep import bring_shipped
from services.electronic_supervision.rules.store import load_lives
from tests.electronic_supervision.live.conftest import OFFICE, Supervision
from tests.electronic_supervision.live.said import local
from tests.electronic_supervision.rehearsal import papers
from tests.electronic_supervision.rehearsal.conftest import HEARD, cases

NOW = local(HEARD)
SECONDS = 60


@pytest.fixture
async def pool(place: Place) -> AsyncIterator[asyncpg.Pool]:
    made = await open_pool(place.url, place.schema)
    yield made
    await made.close()


async def asked(supervision: Supervision, document: str, kind: Kind = Kind.RULE) -> Rehearsal:
    """Ask for a rehearsal of a draft, or of something else, over thirty cases."""
    connection = supervision.connection
    await bring_shipped(connection, NOW, OFFICE.local_date(NOW))
    await supervision.hears(*cases(30), at=HEARD)
    proposal = Proposal(kind=kind, document=document)
    if kind is Kind.RULE:
        proposal = await draft(connection, proposal, "new", NOW, "account:office")
    wish = Rehearsal(
        id="r-1",
        subject="new",
        proposal=proposal,
        digest=digest_of(document),
        asked_by="account:office",
        as_of=NOW,
    )
    await ask(connection, wish, NOW)
    return wish


async def until(true: Callable[[], Awaitable[bool]], seconds: float = SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while True:
            if await true():
                return
            await asyncio.sleep(0.02)


async def worked(supervision: Supervision, pool: asyncpg.Pool, place: Place) -> Mapping[str, Any]:
    """Let a worker work until it is done or failed, and return the row."""

    async def is_over() -> bool:
        return (await row(supervision))["state"] in {"done", "failed"}

    worker = Worker(pool=pool, place=place, holder="test", clock=lambda: NOW, lanes=1)
    task = asyncio.create_task(worker.run())
    try:
        await until(is_over)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return await row(supervision)


async def row(supervision: Supervision) -> Mapping[str, Any]:
    found = await supervision.connection.fetchrow("select * from rehearsal where id = 'r-1'")
    assert found is not None
    return dict(found)


async def test_a_rehearsal_is_carried_out_and_noted_in_the_life_of_the_rule(
    supervision: Supervision, pool: asyncpg.Pool, place: Place
) -> None:
    wish = await asked(supervision, papers.rule(2, "new"))
    told = await worked(supervision, pool, place)
    figures = json.loads(told["result"])["figures"]
    assert (told["state"], told["problem"], told["finished_at"]) == ("done", "", NOW)
    assert (told["read_facts"], told["all_facts"]) == (60, 60)
    assert figures["appear"] > 0
    stage = (await load_lives(supervision.connection))["new"].version(1).stage
    assert stage == Rehearsed(rehearsal=wish.id, figures=figures)


async def test_a_draft_that_changed_meanwhile_is_not_called_rehearsed(
    supervision: Supervision,
) -> None:
    wish = await asked(supervision, papers.rule(2, "new"))
    other = replace(wish, id="r-2", digest=digest_of("another text"))
    lease = await acquire(supervision.connection, keep.LEASE, "another")
    assert lease is not None
    result = Tally().result()
    await ask(supervision.connection, other, NOW)
    await keep.done(supervision.connection, lease, other, result, NOW)
    problem = await supervision.connection.fetchval(
        "select problem from rehearsal where id = 'r-2'"
    )
    assert "请重新预演" in problem
    assert not (await load_lives(supervision.connection))["new"].version(1).rehearsals


async def test_what_can_not_be_rehearsed_fails_in_words(
    supervision: Supervision, pool: asyncpg.Pool, place: Place
) -> None:
    await asked(supervision, "rest: {}", Kind.CALENDAR)
    told = await worked(supervision, pool, place)
    assert (told["state"], told["result"]) == ("failed", None)
    assert "version" in told["problem"]


async def test_a_rehearsal_whose_process_is_killed_is_begun_anew_and_ends_the_same(
    supervision: Supervision, pool: asyncpg.Pool, place: Place
) -> None:
    await asked(supervision, papers.rule(2, "new"))
    victim = started(place)

    async def is_under_way() -> bool:
        told = await row(supervision)
        is_running = told["state"] == "running" and told["all_facts"]
        return bool(is_running and children_of(victim.pid))

    async def is_alone() -> bool:
        return not any(lives(each) for each in children)

    try:
        await until(is_under_way)
        children = children_of(victim.pid)
        assert children, "it works in a process of its own"
    finally:
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    await until(is_alone)
    assert (await row(supervision))["state"] == "running", "killed too late to tell anything"
    told = await worked(supervision, pool, place)
    figures = json.loads(told["result"])["figures"]
    assert (told["state"], figures["facts"]) == ("done", 60)
    noted = await supervision.connection.fetchval(
        "select count(*) from event where type = 'RuleRehearsed'"
    )
    assert noted == 1


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def lives(pid: str) -> bool:
    """Tell whether a process is there; one that nobody buried is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False


def started(place: Place) -> "subprocess.Popen[bytes]":
    """Run a worker in a process of its own."""
    command = [sys.executable, "-m", "tests.electronic_supervision.rehearsal.victim"]
    told = {
        "VICTIM_URL": place.url,
        "VICTIM_SCHEMA": place.schema,
        "VICTIM_NOW": NOW.isoformat(),
    }
    return subprocess.Popen(command, env={**os.environ, **told})


async def test_a_zombie_can_not_say_that_it_is_done(supervision: Supervision) -> None:
    wish = await asked(supervision, papers.rule(2, "new"))
    lease = await acquire(supervision.connection, keep.LEASE, "zombie")
    assert lease is not None
    await supervision.connection.execute("update lease set expires_at = '-infinity'")
    assert await acquire(supervision.connection, keep.LEASE, "another") is not None
    with pytest.raises(LeaseLostError):
        await keep.done(supervision.connection, lease, wish, Tally().result(), NOW)
    assert not (await load_lives(supervision.connection))["new"].version(1).rehearsals
