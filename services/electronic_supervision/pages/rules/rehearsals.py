"""The pages of rehearsals: which there were, and what one came to."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.web.access import needs, principal_of
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.catalogue.desk import ZONE
from services.electronic_supervision.pages.rules import paths
from services.electronic_supervision.pages.rules.desk import RulesDesk
from services.electronic_supervision.pages.rules.words import CHANGES, REHEARSED
from services.electronic_supervision.pages.words import KINDS
from services.electronic_supervision.rules.refusals import problem

READ = Depends(needs(Right.SEE_CATALOGUE))
MOST = 100
TRIAL_EXAMPLES = 20
SUBJECTS = {"rule": "规则", "calendar": "工作日历", "catalogue": "事项", "trial": "全部试运行规则"}
NIGHTLY_WORDS = "每夜自动"

LATEST = """
select id, kind, subject, version, asked_by, asked_at, state, result -> 'figures' as figures
from rehearsal where $1 = '' or (kind = 'rule' and subject = $1)
order by asked_at desc, id limit $2
"""
TRIAL = """
select id, as_of, result from rehearsal where kind = 'trial' and state = 'done'
order by as_of desc limit 1
"""
ONE = """
select id, kind, subject, version, asked_by, asked_at, as_of, state, read_facts, all_facts,
       finished_at, problem, result
from rehearsal where id = $1
"""


async def rehearsals_of(
    connection: asyncpg.Connection, rule: str = ""
) -> Sequence[Mapping[str, object]]:
    """Return the latest rehearsals, all or those of a rule, as the pages list them."""
    return [_line(dict(row)) for row in await connection.fetch(LATEST, rule, MOST)]


async def trial_of(
    connection: asyncpg.Connection, rule: str, *, in_full: bool
) -> Mapping[str, object] | None:
    """Return what a rule on trial would have said, as of the last night; None before the first.

    Whom it concerns is told `in_full` only.
    """
    row = await connection.fetchrow(TRIAL)
    if row is None:
        return None
    result = json.loads(row["result"])
    counts: Mapping[str, int] = next((each for each in result["rules"] if each["rule"] == rule), {})
    return {
        "id": row["id"],
        "as_of": f"{row['as_of'].astimezone(ZONE):%Y-%m-%d %H:%M}",
        "changes": [(words, counts.get(kind, 0)) for kind, words in CHANGES.items()],
        "examples": [
            _example(each) for each in result["examples"] if in_full and each["rule"] == rule
        ][:TRIAL_EXAMPLES],
    }


def sees_whom(request: Request) -> bool:
    """Tell whether somebody may learn which cases and units a rule would concern.

    Rules are for everybody to read, but their rehearsals name the cases of all units, and leads:
    whoever is looked into is not warned.
    """
    return principal_of(request).may(Right.SEE_LEADS)


def rehearsals_router(desk: RulesDesk) -> APIRouter:
    """Build the routes of the pages."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)

    @router.get(paths.REHEARSALS)
    async def latest(request: Request) -> Response:
        async with desk.reading() as connection:
            rows = await rehearsals_of(connection)
        told = {"rows": rows, "paths": paths}
        return shell_of(request).page(request, "supervision/rehearsals.html", told)

    @router.get(paths.REHEARSALS + "/{id_}")
    async def one(request: Request, id_: str) -> Response:
        async with desk.reading() as connection:
            row = await connection.fetchrow(ONE, id_)
        if row is None:
            raise problem("rehearsal-unknown")
        told = {**_whole(row, desk, in_full=sees_whom(request)), "paths": paths}
        return shell_of(request).page(request, "supervision/rehearsal.html", told)

    return router


def _line(row: Mapping[str, Any]) -> Mapping[str, object]:
    figures = json.loads(row["figures"] or "{}")
    version = f"第 {row['version']} 版" if row["version"] else ""
    return {
        "id": row["id"],
        "about": f"{SUBJECTS[row['kind']]} {row['subject']} {version}".strip(),
        "by": NIGHTLY_WORDS if row["kind"] == "trial" else row["asked_by"],
        "at": f"{row['asked_at'].astimezone(ZONE):%Y-%m-%d %H:%M}",
        "state": REHEARSED[row["state"]],
        "figures": [figures.get(kind, "—") for kind in CHANGES],
    }


def _whole(row: asyncpg.Record, desk: RulesDesk, *, in_full: bool) -> Mapping[str, object]:
    zone = desk.office.zone
    result = json.loads(row["result"] or "{}")
    figures, all_facts = result.get("figures", {}), row["all_facts"]
    return {
        **_line({**row, "figures": json.dumps(figures)}),
        "rule": row["subject"] if row["kind"] == "rule" else "",
        "as_of": f"{row['as_of'].astimezone(zone):%Y-%m-%d %H:%M}",
        "is_over": row["state"] in ("done", "failed"),
        "read": f"{row['read_facts']:,}",
        "all": f"{all_facts:,}" if all_facts else "",
        "share": round(100 * row["read_facts"] / all_facts) if all_facts else 0,
        "problem": row["problem"],
        "changes": [(words, figures.get(kind, 0)) for kind, words in CHANGES.items()],
        "cases": f"{figures.get('cases', 0):,}",
        "is_in_full": in_full,
        "units": result.get("units", []) if in_full else [],
        "items": result.get("items", []) if in_full else [],
        "rules": result.get("rules", []),
        "levels": [
            {"before": _level(each["before"]), "after": _level(each["after"]), **_counted(each)}
            for each in result.get("levels", [])
        ],
        "examples": [_example(each) for each in result.get("examples", []) if in_full],
        "notes": result.get("notes", []),
        "failures": result.get("failures", []),
    }


def _example(each: Mapping[str, Any]) -> Mapping[str, object]:
    return {
        **each,
        "kind": CHANGES[each["kind"]],
        "before": _level(each["before"]),
        "after": _level(each["after"]),
    }


def _counted(each: Mapping[str, object]) -> Mapping[str, object]:
    return {"count": each["count"]}


def _level(level: str | None) -> str:
    return "无" if level is None else KINDS[level][1]
