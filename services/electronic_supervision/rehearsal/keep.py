"""Rehearsals on record: asked for, taken up by one process at a time, done or failed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import asyncpg

from kernel.lease import Lease, check
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.rules.demands import Absence
from services.electronic_supervision.domain.rules.life_acts import DraftRule, NoteRehearsal
from services.electronic_supervision.domain.rules.life_stages import Life, digest_of
from services.electronic_supervision.rehearsal.proposal import Kind, Proposal
from services.electronic_supervision.rules.keep import carry_out
from services.electronic_supervision.rules.read import read_rule
from services.electronic_supervision.rules.store import load_lives

LEASE = "rehearsal"

ASK = """
insert into rehearsal (
    id, kind, subject, version, document, digest, asked_by, asked_at, as_of, state
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting')
"""
UNDONE = "select exists (select from rehearsal where state in ('waiting', 'running'))"
# whoever holds the lease is the only one at work: one that is running was left by the dead
TAKE = """
update rehearsal set state = 'running', read_facts = 0
where id = (
    select id from rehearsal where state in ('waiting', 'running')
    order by state = 'waiting', asked_at, id for update skip locked limit 1
)
returning id, kind, subject, version, document, digest, asked_by, as_of
"""
ENTER = """
insert into rehearsal (
    id, kind, subject, version, document, digest, asked_by, asked_at, as_of, state,
    finished_at, result, problem, read_facts, all_facts
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'done', $8, $10, $11, $12, $12)
"""
PROGRESS = "update rehearsal set read_facts = $2, all_facts = $3 where id = $1"
DONE = """
update rehearsal
set state = 'done', finished_at = $2, result = $3, problem = $4, read_facts = $5, all_facts = $5
where id = $1
"""
FAILED = "update rehearsal set state = 'failed', finished_at = $2, problem = $3 where id = $1"

NOT_NOTED = {
    "rehearsed-another": "草案在预演期间改过，本次结果不算作它的预演，请重新预演。",
    "version-unknown": "没有这一版草案，本次结果没有记入规则。",
    "version-settled": "该版本已经生效或者停用，本次结果没有记入规则。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What somebody asked to have rehearsed; `as_of` (UTC) is when both laws are asked."""

    id: str
    subject: str
    proposal: Proposal
    digest: str
    asked_by: str
    as_of: datetime


ABSENCE = "缺失类规则（来源、岗位、办事指南、材料）尚不能预演，不计作已预演，不能生效。"


async def ask(connection: asyncpg.Connection, wish: Rehearsal, asked_at: datetime) -> None:
    """Put a rehearsal in the queue."""
    await connection.execute(ASK, *_asked(wish, asked_at))


def _asked(wish: Rehearsal, at: datetime) -> tuple[object, ...]:
    of = wish.proposal
    return (
        wish.id,
        of.kind.value,
        wish.subject,
        of.version,
        of.document,
        wish.digest,
        wish.asked_by,
        at,
        wish.as_of,
    )


async def enter(
    connection: asyncpg.Connection, told: Rehearsal, result: Mapping[str, Any], now: datetime
) -> str:
    """Keep a rehearsal that is done, note it in the life of its rule; return as `note`."""
    async with connection.transaction():
        figures = result["figures"]
        problem = await note(connection, told, figures, now)
        text = json.dumps(result, ensure_ascii=False)
        await connection.execute(ENTER, *_asked(told, now), text, problem, figures["facts"])
    return problem


async def is_wanted(connection: asyncpg.Connection) -> bool:
    """Tell whether any rehearsal is not over, though another process may be at it."""
    return bool(await connection.fetchval(UNDONE))


async def take(connection: asyncpg.Connection, lease: Lease) -> Rehearsal | None:
    """Take up what was left unfinished, or has waited longest. Raises LeaseLostError."""
    async with connection.transaction():
        await check(connection, lease)
        row = await connection.fetchrow(TAKE)
    if row is None:
        return None
    proposal = Proposal(kind=Kind(row["kind"]), document=row["document"], version=row["version"])
    return Rehearsal(
        id=row["id"],
        subject=row["subject"],
        proposal=proposal,
        digest=row["digest"],
        asked_by=row["asked_by"],
        as_of=row["as_of"],
    )


async def progress(connection: asyncpg.Connection, id_: str, read: int, all_: int) -> None:
    """Write down how far it got."""
    await connection.execute(PROGRESS, id_, read, all_)


async def done(
    connection: asyncpg.Connection,
    lease: Lease,
    told: Rehearsal,
    result: Mapping[str, Any],
    now: datetime,
) -> None:
    """Keep what it came to, and note it in the life of the rule. Raises LeaseLostError."""
    async with connection.transaction():
        await check(connection, lease)
        figures = result["figures"]
        problem = await note(connection, told, figures, now)
        text = json.dumps(result, ensure_ascii=False)
        await connection.execute(DONE, told.id, now, text, problem, figures["facts"])


async def note(
    connection: asyncpg.Connection, told: Rehearsal, figures: Mapping[str, int], now: datetime
) -> str:
    """Note a rehearsal in the life of its rule, and return why that can't be, "" if it was."""
    if told.proposal.kind is not Kind.RULE or not told.proposal.version:
        return ""
    if isinstance(read_rule(told.proposal.document).rule.demand, Absence):
        return ABSENCE
    command = NoteRehearsal(
        id=told.subject,
        version=told.proposal.version,
        digest=told.digest,
        rehearsal=told.id,
        figures=figures,
    )
    try:
        await carry_out(connection, command, now=now, acting={"by": told.asked_by})
    except Refused as refused:
        return NOT_NOTED.get(refused.code, refused.code)
    return ""


async def failed(
    connection: asyncpg.Connection, lease: Lease, told: Rehearsal, problem: str, now: datetime
) -> None:
    """Keep why it came to nothing, in Chinese. Raises LeaseLostError."""
    async with connection.transaction():
        await check(connection, lease)
        await connection.execute(FAILED, told.id, now, problem)


async def draft(
    connection: asyncpg.Connection, proposal: Proposal, id_: str, now: datetime, by: str
) -> Proposal:
    """Return the text of a rule with its version, drafted as the next one unless it is known.

    Raises Refused.
    """
    versions = (await load_lives(connection)).get(id_, Life()).versions
    digest = digest_of(proposal.document)
    known = next((each.number for each in versions if each.digest == digest), None)
    if known is None:
        known = len(versions) + 1
        command = DraftRule(id=id_, version=known, document=proposal.document)
        await carry_out(connection, command, now=now, acting={"by": by})
    return replace(proposal, version=known)
