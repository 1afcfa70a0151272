"""Compare what holds of the groups that changed with what stands, and record the differences."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import asyncpg

from kernel.store.store import append
from services.electronic_supervision.domain.law import Law
from services.electronic_supervision.domain.patterns.finding import PatternFinding, differences
from services.electronic_supervision.domain.patterns.reach import Days
from services.electronic_supervision.domain.rules.demands import By
from services.electronic_supervision.loop.decide import Bench
from services.electronic_supervision.patterns import holding, tables
from services.electronic_supervision.patterns.saying import (
    Happened,
    PatternLifted,
    PatternRaised,
    event_of,
    say,
)

ONE_DAY = timedelta(days=1)
DONE = """
update pattern_progress
set position = $1, law = $2, calendar = $3, through = $4, shares_day = $5
"""
# a code that sources use for several units names none
NAMES = """
select asked.code, coalesce(
    (select name from unit where unit.code = asked.code),
    (select min(name) from unit_alias join unit on unit.code = unit_alias.unit
     where unit_alias.code = asked.code having count(distinct unit_alias.unit) = 1)
) as name
from unnest($1::text[]) as asked(code)
"""
CHANGES = "select changes from pattern_finding where id = $1"

Change = PatternFinding | PatternLifted
"""A finding that became true, or one that no longer holds."""

Done = tuple[int, int, str, datetime]
"""Position, versions of law and calendar, and until when all is in."""


async def compare(
    connection: asyncpg.Connection,
    bench: Bench,
    horizon: datetime,
    ended: date,
    shares_day: date | None,
    now: datetime,
    done: Done,
) -> Sequence[Happened]:
    """Say what changed; shares are held once for each local day, where it has `ended`.

    The caller is in the transaction that read the log through `done`.
    """
    law = bench.court.law
    changed = await tables.pending(connection)
    by_shares = holding.share_rules(law)
    changes: list[Change] = []
    for each in changed:
        if each.group.rule not in by_shares:
            changes += await _of_group(connection, law, each, horizon)
    await tables.settled(connection, sorted(by_shares), are=False)
    if shares_day is None or shares_day < ended:
        for rule in sorted(by_shares):
            days = [each.days.first for each in changed if each.group.rule == rule]
            first = min([*days, ended if shares_day is None else shares_day + ONE_DAY])
            if first <= ended:
                told = Days(first, ended)
                changes += await _of_shares(connection, law, rule, told, horizon)
        await tables.settled(connection, sorted(by_shares), are=True)
        shares_day = ended
    await connection.execute(DONE, *done, shares_day)
    happened = await _worded(connection, changes, law)
    if happened:
        await _record(connection, happened, bench, now)
    return happened


async def _of_group(
    connection: asyncpg.Connection, law: Law, changed: tables.Changed, horizon: datetime
) -> list[Change]:
    group = changed.group
    rules = holding.versions(law, group.rule)
    reach = holding.reach(rules, changed.days)
    occurrences = await tables.of_group(connection, group, reach.load, horizon)
    standing = await tables.standing_of_group(connection, group, reach.told)
    found = holding.of_group(law, rules, group, occurrences, reach.told)
    return _changes(standing, found)


async def _of_shares(
    connection: asyncpg.Connection, law: Law, rule: str, told: Days, horizon: datetime
) -> list[Change]:
    rules = holding.versions(law, rule)
    load = Days(holding.loaded_since(rules, told.first), told.last)
    groups = await tables.of_rule(connection, rule, load, horizon)
    standing = await tables.standing_of_rule(connection, rule, told)
    found = await asyncio.to_thread(holding.of_shares, law, rules, groups, told)
    return _changes(standing, found)


def _changes(standing: Sequence[PatternFinding], found: Sequence[PatternFinding]) -> list[Change]:
    gone = {each.id: each for each in standing}
    changed = differences(standing, found)
    lifted = (PatternLifted(finding=gone[id_], replaced_by=other) for id_, other in changed.lifted)
    return [*lifted, *changed.raised]


async def _worded(
    connection: asyncpg.Connection, changes: Sequence[Change], law: Law
) -> list[Happened]:
    """Word what was found, units by the names that the register has for them now."""
    raised = (each for each in changes if isinstance(each, PatternFinding))
    units = sorted({each.group.key for each in raised if each.group.by is By.UNIT})
    rows = await connection.fetch(NAMES, units) if units else []
    names = {row["code"]: row["name"] for row in rows if row["name"]}
    return [
        _raised(each, law, names.get(each.group.key, ""))
        if isinstance(each, PatternFinding)
        else each
        for each in changes
    ]


def _raised(finding: PatternFinding, law: Law, name: str) -> PatternRaised:
    called = name if finding.group.by is By.UNIT else ""
    message = holding.message_of(law, finding, called)
    title = holding.rule_of(law, finding).title
    return PatternRaised(finding=finding, title=title, message=message)


async def _record(
    connection: asyncpg.Connection, happened: Sequence[Happened], bench: Bench, now: datetime
) -> None:
    zone = bench.court.office.zone
    events, said = [], []
    for index, each in enumerate(happened):
        changes = await connection.fetchval(CHANGES, each.finding.id) or 0
        event = event_of(each, changes)
        events.append(event)
        said.append(say(each, event.id, index, bench.source, now.astimezone(zone)))
        if isinstance(each, PatternRaised):
            await tables.keep_raised(connection, each, now)
        else:
            await tables.keep_lifted(connection, each.finding.id)
    await append(connection, events, now, publications=said, epoch=bench.epoch)
