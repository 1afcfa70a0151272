"""The tables that the worker of patterns alone writes: occurrences, changed days, findings."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

import asyncpg
from pydantic import TypeAdapter

from services.electronic_supervision.domain.patterns.finding import PatternFinding
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence
from services.electronic_supervision.domain.patterns.reach import Days
from services.electronic_supervision.domain.rules.demands import By
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.patterns.occurrences import Placed
from services.electronic_supervision.patterns.saying import PatternRaised

OCCURRENCE = TypeAdapter(Occurrence)
FINDING = TypeAdapter(PatternFinding)

TAKE_OUT = """
delete from occurrence where docket = any($1)
returning rule, subject_kind, subject, unit, problem, docket, id, day, at, data
"""
PUT_IN = """
insert into occurrence
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                     $7::text[], $8::date[], $9::timestamptz[], $10::text[])
on conflict (rule, subject_kind, subject, unit, problem, id) do update
set docket = excluded.docket, day = excluded.day, at = excluded.at, data = excluded.data
"""
CHANGED = """
insert into pattern_changed
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[],
                     $7::date[])
on conflict (rule, subject_kind, subject, unit, problem) do update
set first = least(pattern_changed.first, excluded.first),
    last = greatest(pattern_changed.last, excluded.last)
"""
# what was dated ahead happens now
RIPE = """
select rule, subject_kind, subject, unit, problem, day from occurrence where at >= $1 and at < $2
"""
OF_FINDINGS = """
select rule, subject_kind, subject, unit, problem, day from pattern_finding where stands
"""
PENDING = "select rule, subject_kind, subject, unit, problem, first, last from pattern_changed"
OF_GROUP = """
select data from occurrence
where (rule, subject_kind, subject, unit, problem) = ($1, $2, $3, $4, $5)
and day between $6 and $7 and at < $8
"""
OF_RULE = """
select rule, subject_kind, subject, unit, problem, data from occurrence
where rule = $1 and day between $2 and $3 and at < $4
"""
STANDING_OF_GROUP = """
select data from pattern_finding
where stands and (rule, subject_kind, subject, unit, problem) = ($1, $2, $3, $4, $5)
and day between $6 and $7
"""
STANDING_OF_RULE = """
select data from pattern_finding where stands and rule = $1 and day between $2 and $3
"""
RAISE = """
insert into pattern_finding values (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, true, 1, $13, $14
)
on conflict (id) do update
set subject = excluded.subject, day = excluded.day, at = excluded.at, title = excluded.title,
    message = excluded.message, stands = true, changes = pattern_finding.changes + 1,
    raised_at = excluded.raised_at, data = excluded.data
"""
LIFT = "update pattern_finding set stands = false, changes = changes + 1 where id = $1"


class Row(NamedTuple):
    """An occurrence as it is kept."""

    group: Group
    docket: str
    id: str
    day: date
    at: datetime
    data: str


class Changed(NamedTuple):
    """The days on which something of a group changed."""

    group: Group
    days: Days


def row_of(docket: str, placed: Placed, office: Office) -> Row:
    """Lay out an occurrence to be kept."""
    group, occurrence = placed
    return Row(
        group,
        docket,
        occurrence.id,
        office.local_date(occurrence.at.earliest),
        occurrence.at.earliest,
        OCCURRENCE.dump_json(occurrence).decode(),
    )


def group_of(row: asyncpg.Record) -> Group:
    """Return the group that a row belongs to."""
    return Group(row["rule"], By(row["subject_kind"]), row["subject"], row["unit"], row["problem"])


async def replace(
    connection: asyncpg.Connection, dockets: Sequence[str], rows: Sequence[Row]
) -> None:
    """Keep these occurrences instead of all that came from some dockets, noting what changed."""
    taken = await connection.fetch(TAKE_OUT, dockets)
    before = {
        Row(group_of(each), each["docket"], each["id"], each["day"], each["at"], each["data"])
        for each in taken
    }
    if rows:
        await connection.execute(
            PUT_IN,
            *_columns(each.group for each in rows),
            [each.docket for each in rows],
            [each.id for each in rows],
            [each.day for each in rows],
            [each.at for each in rows],
            [each.data for each in rows],
        )
    await note(connection, [(each.group, each.day) for each in before.symmetric_difference(rows)])


async def note(connection: asyncpg.Connection, days: Iterable[tuple[Group, date]]) -> None:
    """Note on which days something of which group changed."""
    changed: dict[Group, Days] = {}
    for group, day in days:
        known = changed.get(group, Days(day, day))
        changed[group] = Days(min(known.first, day), max(known.last, day))
    if changed:
        await connection.execute(
            CHANGED,
            *_columns(changed),
            [each.first for each in changed.values()],
            [each.last for each in changed.values()],
        )


def _columns(groups: Iterable[Group]) -> Sequence[list[str]]:
    all_ = list(groups)
    return (
        [each.rule for each in all_],
        [each.by.value for each in all_],
        [each.key for each in all_],
        [each.unit for each in all_],
        [each.problem for each in all_],
    )


async def ripen(connection: asyncpg.Connection, since: datetime, until: datetime) -> bool:
    """Note what was dated ahead and happened in [since, until); tell whether anything did."""
    rows = await connection.fetch(RIPE, since, until)
    await note(connection, [(group_of(row), row["day"]) for row in rows])
    return bool(rows)


async def doubt_all(connection: asyncpg.Connection) -> None:
    """Forget all occurrences, and have each finding that stands looked at again."""
    await connection.execute("delete from occurrence")
    await connection.execute("delete from pattern_changed")
    rows = await connection.fetch(OF_FINDINGS)
    await note(connection, [(group_of(row), row["day"]) for row in rows])


async def pending(connection: asyncpg.Connection) -> list[Changed]:
    """Return the groups that have to be looked at again."""
    rows = await connection.fetch(PENDING)
    return [Changed(group_of(row), Days(row["first"], row["last"])) for row in rows]


async def settled(connection: asyncpg.Connection, rules: Sequence[str], *, are: bool) -> None:
    """Note that all groups of some rules were looked at, or those of all others."""
    await connection.execute("delete from pattern_changed where (rule = any($1)) = $2", rules, are)


async def of_group(
    connection: asyncpg.Connection, group: Group, days: Days, horizon: datetime
) -> list[Occurrence]:
    """Return what of a group happened on some days, and before the horizon."""
    rows = await connection.fetch(OF_GROUP, *group, *days, horizon)
    return [OCCURRENCE.validate_json(row["data"]) for row in rows]


async def of_rule(
    connection: asyncpg.Connection, rule: str, days: Days, horizon: datetime
) -> dict[Group, list[Occurrence]]:
    """Return what of all groups of a rule happened on some days, and before the horizon."""
    groups: dict[Group, list[Occurrence]] = {}
    for row in await connection.fetch(OF_RULE, rule, *days, horizon):
        groups.setdefault(group_of(row), []).append(OCCURRENCE.validate_json(row["data"]))
    return groups


async def standing_of_group(
    connection: asyncpg.Connection, group: Group, days: Days
) -> list[PatternFinding]:
    """Return the findings of a group that stand and became true on some days."""
    rows = await connection.fetch(STANDING_OF_GROUP, *group, *days)
    return [FINDING.validate_json(row["data"]) for row in rows]


async def standing_of_rule(
    connection: asyncpg.Connection, rule: str, days: Days
) -> list[PatternFinding]:
    """Return the findings of a rule that stand and became true on some days."""
    rows = await connection.fetch(STANDING_OF_RULE, rule, *days)
    return [FINDING.validate_json(row["data"]) for row in rows]


async def keep_raised(connection: asyncpg.Connection, raised: PatternRaised, now: datetime) -> None:
    """Keep a finding that stands from now on."""
    finding = raised.finding
    await connection.execute(
        RAISE,
        finding.id,
        *finding.group,
        finding.level.value,
        finding.withheld,
        finding.day,
        finding.at,
        raised.title,
        raised.message,
        now,
        FINDING.dump_json(finding).decode(),
    )


async def keep_lifted(connection: asyncpg.Connection, id_: str) -> None:
    """Keep a finding as one that stands no more."""
    await connection.execute(LIFT, id_)
