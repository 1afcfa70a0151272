"""The page of one rule: what it says, its examples, its versions, and who did what."""

import asyncio
import difflib
import json
from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from kernel.access.policy import ROLE_WORDS, Right, Role
from kernel.store.events import StoredEvent
from kernel.store.store import load
from kernel.web.access import needs
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.domain.rules.demands import Absence
from services.electronic_supervision.domain.rules.life_stages import Version
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.hearing import fact_of
from services.electronic_supervision.pages.rules import paths
from services.electronic_supervision.pages.rules.desk import RulesDesk
from services.electronic_supervision.pages.rules.list import leading
from services.electronic_supervision.pages.rules.rehearsals import (
    rehearsals_of,
    sees_whom,
    trial_of,
)
from services.electronic_supervision.pages.rules.words import (
    BADGES,
    DONE,
    KINDS,
    LEVELS,
    STATES,
    SYSTEMS,
    day_words,
    happened_words,
    state_of,
)
from services.electronic_supervision.rules.read import Document, read_rule
from services.electronic_supervision.rules.refusals import problem
from services.electronic_supervision.rules.store import CODEC, load_lives, stream_of
from services.electronic_supervision.rules.try_out import Result, try_out

READ = Depends(needs(Right.SEE_CATALOGUE))
RELEASE = "release"


def one_router(desk: RulesDesk) -> APIRouter:
    """Build the route of the page."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)

    @router.get(paths.ROOT + "/{id_}")
    async def one(
        request: Request,
        id_: str,
        version: Annotated[int, Query(ge=0, le=10_000)] = 0,
        done: Annotated[str, Query(max_length=50)] = "",
    ) -> Response:
        async with desk.reading() as connection:
            life = (await load_lives(connection)).get(id_)
            if life is None:
                raise problem("rule-unknown")
            if version > len(life.versions):
                raise problem("version-unknown", "version")
            told = await load(connection, stream_of(id_))
            rehearsals = await rehearsals_of(connection, id_)
            trial = await trial_of(connection, id_, in_full=sees_whom(request))
        shown = life.versions[version - 1] if version else leading(life)
        document = read_rule(shown.document)
        tried = await asyncio.to_thread(lambda: list(try_out(document, desk.office, fact_of)))
        view = {
            "id": id_,
            "title": document.rule.title,
            "number": shown.number,
            "state": state_of(shown.stage),
            "state_words": STATES[state_of(shown.stage)],
            "badge": BADGES[state_of(shown.stage)],
            "facts": _facts(document),
            "examples": [_example(each) for each in tried],
            "text": shown.document,
            "difference": _difference(life.versions, shown),
            "versions": [_version(each) for each in reversed(life.versions)],
            "rehearsals": rehearsals,
            "trial": trial,
            "is_tried": not isinstance(document.rule.demand, Absence),
            "is_rehearsed": bool(shown.rehearsals),
            "history": [_happened(each, desk.office) for each in reversed(told)],
            "today": desk.today.isoformat(),
            "done": DONE.get(done, ""),
            "paths": paths,
        }
        return shell_of(request).page(request, "supervision/rules_one.html", view)

    return router


def _facts(document: Document) -> Sequence[tuple[str, str]]:
    rule = document.rule
    scope = [
        f"{title}：{'、'.join(sorted(codes))}"
        for title, codes in (
            ("单位", rule.scope.units),
            ("事项", rule.scope.items),
            ("性质", rule.scope.natures),
        )
        if codes
    ]
    return (
        ("代码", rule.id),
        ("基本制度", SYSTEMS[rule.system]),
        ("判定方式", KINDS[type(rule.demand)]),
        ("依据", rule.clause),
        ("适用范围", "；".join(scope) or "全部单位和事项"),
        *([("判定用语", rule.message.text)] if rule.message is not None else []),
        *([("说明", document.note)] if document.note else []),
    )


def _example(result: Result) -> Mapping[str, str]:
    return {
        "name": result.name,
        "expected": LEVELS[result.expected.value],
        "found": LEVELS[result.found.value],
        "outcome": "相符" if result.is_as_expected else "不符",
        "badge": "good" if result.is_as_expected else "red",
        "message": result.failed or result.message,
    }


def _difference(versions: Sequence[Version], shown: Version) -> Sequence[Mapping[str, str]]:
    """Return the lines in which a version differs from the one before."""
    if shown.number == 1:
        return ()
    before = versions[shown.number - 2].document.splitlines()
    lines = difflib.unified_diff(before, shown.document.splitlines(), n=2, lineterm="")
    kinds = {"+": "增", "-": "删"}
    return [
        {"kind": kinds.get(each[:1], ""), "text": each[1:] if each[:1] in "+- " else each}
        for each in list(lines)[2:]
    ]


def _version(version: Version) -> Mapping[str, object]:
    state = state_of(version.stage)
    since = getattr(version.stage, "effective_from", None)
    until = getattr(version.stage, "until", None) or getattr(version.stage, "day", None)
    return {
        "number": version.number,
        "state": STATES[state],
        "badge": BADGES[state],
        "since": day_words(since),
        "until": day_words(until),
    }


def _happened(stored: StoredEvent, office: Office) -> Mapping[str, object]:
    about = json.loads(stored.metadata)
    what, more = happened_words(CODEC.decode(stored.type, stored.data))
    by = "软件发布" if about.get("by") == RELEASE else about.get("by") or "系统"
    role = ROLE_WORDS[Role(about["role"])] if about.get("role") in set(Role) else ""
    at = stored.recorded_at.astimezone(office.zone)
    return {
        "kind": "plain",
        "counts": True,
        "at": f"{at:%Y-%m-%d %H:%M}",
        "what": what,
        "lines": [*([more] if more else []), f"{by}{f'（{role}）' if role else ''}"],
        "id": "",
    }
