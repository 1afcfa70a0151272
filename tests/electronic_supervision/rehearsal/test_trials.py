"""What rules on trial would have said is told every night, and has no consequence."""

import asyncio
import json
from datetime import date

import asyncpg

from kernel.database import open_pool
from services.electronic_supervision.domain.rules.life_acts import (
    DraftRule,
    NoteRehearsal,
    ShadowRule,
)
from services.electronic_supervision.domain.rules.life_stages import digest_of
from services.electronic_supervision.rehearsal.lane import Place
from services.electronic_supervision.rehearsal.proposal import Kind, Proposal
from services.electronic_supervision.rehearsal.sweep import sweep
from services.electronic_supervision.rehearsal.trials import ask_for_trials, night_of
from services.electronic_supervision.rehearsal.worker import Worker
from services.electronic_supervision.rules.keep import carry_out
from tests.electronic_supervision.live.conftest import Supervision
from tests.electronic_supervision.live.said import local
from tests.electronic_supervision.patterns.conftest import MANY_STEPS, Watch, steps_on
from tests.electronic_supervision.rehearsal.test_worker import until

BEGIN = date(2026, 11, 10)
"""Eight days after the first step."""
NIGHT = "2027-01-10 02:00"
TRIAL = Proposal(kind=Kind.TRIAL, document="")


async def put_on_trial(supervision: Supervision, document: str, version: int = 1) -> None:
    id_ = document.split("\n")[0].removeprefix("id: ")
    for command in (
        DraftRule(id=id_, version=version, document=document),
        NoteRehearsal(
            id=id_, version=version, digest=digest_of(document), rehearsal="r-1", figures={}
        ),
        ShadowRule(id=id_, version=version, today=BEGIN),
    ):
        acting = {"by": "account:office", "role": "office"}
        now = local(f"{BEGIN} 12:00")
        await carry_out(supervision.connection, command, now=now, acting=acting)


async def asked(connection: asyncpg.Connection) -> list[str]:
    return [row["id"] for row in await connection.fetch("select id from rehearsal order by id")]


async def test_a_trial_shows_what_would_have_been_found_since_it_began(
    supervision: Supervision, place: Place
) -> None:
    await supervision.hears(*steps_on([1, 1, 2, 20, 20, 21]), at="2027-01-09 10:00")
    await put_on_trial(supervision, MANY_STEPS)
    tally = await sweep(place, TRIAL, local(NIGHT), lanes=1)
    assert tally.levels == {(None, "yellow"): 1}, "what happened before the trial counts nothing"
    (example,) = tally.examples
    assert "2026年11月23日" in str(example["words"])


async def test_a_trial_of_another_version_is_held_against_the_one_that_judges(
    supervision: Supervision, place: Place
) -> None:
    await Watch(supervision).enact(MANY_STEPS)
    graver = MANY_STEPS.replace("level: yellow", "level: red").replace(
        "expect: yellow", "expect: red"
    )
    await supervision.hears(*steps_on([1, 1, 2, 20, 20, 21]), at="2027-01-09 10:00")
    await put_on_trial(supervision, graver, 2)
    tally = await sweep(place, TRIAL, local(NIGHT), lanes=1)
    assert tally.levels == {("yellow", "red"): 1}


async def test_the_trials_are_asked_for_once_a_night_and_only_when_there_are_any(
    supervision: Supervision,
) -> None:
    now = local(NIGHT)
    night = night_of(now)
    assert night == date(2027, 1, 10)
    assert night_of(local("2027-01-10 01:59")) is None
    connection = supervision.connection
    assert not await ask_for_trials(connection, night, now), "nothing is on trial"
    await put_on_trial(supervision, MANY_STEPS)
    assert not await ask_for_trials(connection, BEGIN, now), "its first day is not over"
    assert await ask_for_trials(connection, night, now)
    assert not await ask_for_trials(connection, night, now)
    assert await asked(connection) == ["trial-2027-01-10"]


async def test_several_processes_tell_the_trials_of_a_night_once(
    supervision: Supervision, place: Place
) -> None:
    await supervision.hears(*steps_on([20, 20, 21]), at="2027-01-09 10:00")
    await put_on_trial(supervision, MANY_STEPS)
    pool = await open_pool(place.url, place.schema)
    workers = [
        Worker(pool=pool, place=place, holder=f"{n}", clock=lambda: local(NIGHT), lanes=1)
        for n in range(2)
    ]
    tasks = [asyncio.create_task(each.run()) for each in workers]

    async def is_done() -> bool:
        over = "select exists (select from rehearsal where state = 'done')"
        return bool(await pool.fetchval(over))

    try:
        await until(is_done)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        row = await pool.fetchrow("select id, result, problem from rehearsal")
        await pool.close()
    assert row is not None
    assert (row["id"], row["problem"]) == ("trial-2027-01-10", "")
    assert json.loads(row["result"])["figures"]["appear"] == 1
    noted = "select count(*) from event where type = 'RuleRehearsed'"
    assert await supervision.connection.fetchval(noted) == 1, "a trial is no rehearsal of its own"
