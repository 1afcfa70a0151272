"""What was found of many cases together: cumulated cards, counts, and leads for people.

A unit is told of what it is held to. Leads are for those who look into them (Right.SEE_LEADS).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from kernel.access.policy import Right
from kernel.access.principal import Caller
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.patterns.finding import PatternFinding
from services.electronic_supervision.patterns.tables import FINDING
from services.electronic_supervision.reading.scope import Scope, scope_of

PER_PAGE = 50
LAST = (datetime(9999, 1, 1, tzinfo=UTC), "~")

LIST = """
select data, kind, title, message, stands, raised_at, unit_name from found_for($1, $2)
where stands = $3 and ($4 = '' or kind = $4 or ($4 = 'lead' and kind like '%-lead'))
  and ($5 = '' or rule = $5) and ($6 = '' or unit = $6) and (at, id) < ($7, $8)
order by at desc, id desc limit $9
"""
ONE = """
select data, kind, title, message, stands, raised_at, unit_name from found_for($1, $2)
where id = $3
"""
# a case counts for a group; whether for one of its findings, the finding says
COUNTING = """
select data, kind, title, message, stands, raised_at, unit_name from found_for($1, $2)
where stands and (rule, subject_kind, subject, unit, problem) in (
    select rule, subject_kind, subject, unit, problem from occurrence where docket = $3
) order by at desc, id desc
"""
STANDING = "select count(*) from found_for($1, $2) where stands"
RULES = "select distinct on (rule) rule, title from found_for($1, $2) order by rule, at desc"
LEADS = """
select id from pattern_finding where id = any($1) and (level = 'lead' or withheld <> '')
"""
CASES = """
select id, source, number from docket
join unnest($1::text[], $2::text[]) as asked(source, number) using (source, number)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody may know of: the units whose findings, and whether leads too."""

    scope: Scope
    leads: bool

    @property
    def asked(self) -> tuple[Sequence[str] | None, bool]:
        """Return the first two parameters of every statement here."""
        return self.scope.codes, self.leads


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which findings: of a kind (a level, `lead` for all leads), a rule, a unit; "" for any."""

    stands: bool = True
    kind: str = ""
    rule: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding with its words; `kind` is its level, `-lead` behind it where it is no card.

    `unit_name` is None for a unit that the register does not know.
    """

    finding: PatternFinding
    kind: str
    title: str
    message: str
    stands: bool
    raised_at: datetime
    unit_name: str | None

    @property
    def key(self) -> tuple[datetime, str]:
        """Return its place in the list."""
        return self.finding.at, self.finding.id


def sight_of(caller: Caller) -> Sight:
    """Return what a caller may know of."""
    return Sight(scope=scope_of(caller), leads=caller.principal.may(Right.SEE_LEADS))


async def findings(
    connection: asyncpg.Connection,
    sight: Sight,
    wanted: Wanted,
    before: tuple[datetime, str] = LAST,
    limit: int = PER_PAGE,
) -> list[Found]:
    """Return findings, the latest first, from behind a place in the list."""
    about = (wanted.stands, wanted.kind, wanted.rule, wanted.unit)
    rows = await connection.fetch(LIST, *sight.asked, *about, *before, limit)
    return [_found(row) for row in rows]


async def finding(connection: asyncpg.Connection, sight: Sight, id_: str) -> Found | None:
    """Return one, None if there is none that this may be told of."""
    row = await connection.fetchrow(ONE, *sight.asked, id_)
    return None if row is None else _found(row)


async def counting(
    connection: asyncpg.Connection, sight: Sight, docket: str, key: CaseKey
) -> list[Found]:
    """Return the findings that stand and count a case, the latest first."""
    rows = await connection.fetch(COUNTING, *sight.asked, docket)
    found = (_found(row) for row in rows)
    return [one for one in found if any(each.case == key for each in one.finding.counted)]


async def standing(connection: asyncpg.Connection, sight: Sight) -> int:
    """Return how many findings stand."""
    return int(await connection.fetchval(STANDING, *sight.asked))


async def rules_found(connection: asyncpg.Connection, sight: Sight) -> dict[str, str]:
    """Return the titles of the rules that found anything, by their ids."""
    rows = await connection.fetch(RULES, *sight.asked)
    return {row["rule"]: row["title"] for row in rows}


async def leads_among(connection: asyncpg.Connection, ids: Collection[str]) -> frozenset[str]:
    """Return those of some ids that are leads, standing or not."""
    return frozenset(row["id"] for row in await connection.fetch(LEADS, list(ids)))


async def cases_of(connection: asyncpg.Connection, found: PatternFinding) -> dict[CaseKey, str]:
    """Return the ids of the cases that a finding counts."""
    keys = sorted({each.case for each in found.counted if each.case is not None})
    sources, numbers = [key.source for key in keys], [key.number for key in keys]
    rows = await connection.fetch(CASES, sources, numbers)
    return {CaseKey(row["source"], row["number"]): row["id"] for row in rows}


def _found(row: asyncpg.Record) -> Found:
    told = {key: row[key] for key in ("kind", "title", "message", "stands", "raised_at")}
    return Found(finding=FINDING.validate_json(row["data"]), unit_name=row["unit_name"], **told)
