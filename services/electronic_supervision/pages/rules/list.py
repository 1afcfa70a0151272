"""The page of all rules, by the basic system that they carry out."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.domain.rules.life_stages import Active, Life, Shadow, Version
from services.electronic_supervision.pages.rules import paths
from services.electronic_supervision.pages.rules.desk import RulesDesk
from services.electronic_supervision.pages.rules.words import (
    BADGES,
    KINDS,
    STATES,
    SYSTEMS,
    day_words,
    state_of,
)
from services.electronic_supervision.rules.read import read_rule
from services.electronic_supervision.rules.store import load_lives

READ = Depends(needs(Right.SEE_CATALOGUE))
Asked = Annotated[str, Query(max_length=200)]


def list_router(desk: RulesDesk) -> APIRouter:
    """Build the route of the page."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)

    @router.get(paths.ROOT)
    async def all_rules(
        request: Request, *, q: Asked = "", system: Asked = "", state: Asked = ""
    ) -> Response:
        async with desk.reading() as connection:
            lives = await load_lives(connection)
        lines = [_line(id_, leading(life), life) for id_, life in lives.items()]
        shown = [each for each in lines if _is_asked(each, q.strip(), system, state)]
        groups = [
            (words, [each for each in shown if each["system"] == code])
            for code, words in SYSTEMS.items()
        ]
        told = {
            "asked": {"q": q.strip(), "system": system, "state": state},
            "systems": SYSTEMS,
            "states": STATES,
            "groups": [(words, rows) for words, rows in groups if rows],
            "count": len(shown),
            "is_empty": not lives,
            "paths": paths,
        }
        return shell_of(request).page(request, "supervision/rules_list.html", told)

    return router


def leading(life: Life) -> Version:
    """Return the version that matters most: the one in force, else on trial, else the last."""
    for kind in (Active, Shadow):
        found = [each for each in life.versions if isinstance(each.stage, kind)]
        if found:
            return found[-1]
    return life.versions[-1]


def _line(id_: str, version: Version, life: Life) -> Mapping[str, str]:
    rule, state = read_rule(version.document).rule, state_of(version.stage)
    since = getattr(version.stage, "effective_from", None)
    waiting = "" if life.versions[-1] is version else STATES[state_of(life.versions[-1].stage)]
    return {
        "id": id_,
        "title": rule.title,
        "system": rule.system.value,
        "kind": KINDS[type(rule.demand)],
        "clause": rule.clause,
        "version": f"第 {version.number} 版",
        "since": day_words(since),
        "code": state,
        "state": STATES[state],
        "badge": BADGES[state],
        "waiting": waiting and f"第 {life.versions[-1].number} 版{waiting}",
    }


def _is_asked(line: Mapping[str, str], words: str, system: str, state: str) -> bool:
    return all(_matches(line, words, system, state))


def _matches(line: Mapping[str, str], words: str, system: str, state: str) -> Iterator[bool]:
    yield any(words.lower() in line[key].lower() for key in ("id", "title", "clause"))
    yield not system or line["system"] == system
    yield not state or line["code"] == state
