"""The pages of one section, one post and one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import asyncpg
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.shell.shell import shell_of
from services.evaluation.desk import Desk
from services.evaluation.document.headings import DUTY_WORDS
from services.evaluation.domain.person_acts import Duty
from services.evaluation.pages import paths
from services.evaluation.pages.acts import ACTS, KIND_WORDS, Kind
from services.evaluation.pages.history import history
from services.evaluation.problems import of
from services.evaluation.reading.names import names
from services.evaluation.reading.people import PersonRow, person
from services.evaluation.reading.posts import Holder, Holding, PostRow, post, posts_of
from services.evaluation.reading.sections import SectionRow, section
from services.evaluation.store import PEOPLE, POSTS, SECTIONS
from services.evaluation.store import Kind as Stored

READ = Depends(needs(Right.SEE_REGISTER))
Done = Annotated[str, Query(max_length=50)]
Facts = Sequence[tuple[str, str, str]]
"""What is told: its label, its words, and the address that they lead to ("" for none)."""

ENDS = {"section": "撤销", "post": "撤销", "person": "离任"}


def entries_router(desk: Desk) -> APIRouter:
    """Build the routes of the pages."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)

    @router.get(paths.ROOT + "/sections/{code:path}")
    async def one_section(request: Request, code: str, done: Done = "") -> Response:
        async with desk.reading() as connection:
            row = await section(connection, code, desk.today) or await section(connection, code)
            if row is None:
                raise of("section-unknown", "code")
            entry = _Entry(kind="section", stream=SECTIONS, row=row)
            return await _page(request, connection, entry, done)

    @router.get(paths.ROOT + "/posts/{code:path}")
    async def one_post(request: Request, code: str, done: Done = "") -> Response:
        async with desk.reading() as connection:
            if (row := await post(connection, code, desk.today)) is None:
                raise of("post-unknown", "code")
            held = [_held("A 岗", row.a), _held("B 岗", row.b)]
            entry = _Entry(kind="post", stream=POSTS, row=row, section=row.section, more=held)
            return await _page(request, connection, entry, done)

    @router.get(paths.ROOT + "/people/{code:path}")
    async def one_person(request: Request, code: str, done: Done = "") -> Response:
        async with desk.reading() as connection:
            row = await person(connection, code, desk.today) or await person(connection, code)
            if row is None:
                raise of("person-unknown", "code")
            more = [("职责", DUTY_WORDS[Duty(row.duty)], "")]
            more += [_holding(each) for each in await posts_of(connection, code, desk.today)]
            entry = _Entry(kind="person", stream=PEOPLE, row=row, section=row.section, more=more)
            return await _page(request, connection, entry, done)

    return router


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What the three kinds of pages tell alike."""

    kind: Kind
    stream: Stored
    row: SectionRow | PostRow | PersonRow
    section: str | None = None
    more: Facts = ()


async def _page(
    request: Request, connection: asyncpg.Connection, entry: _Entry, done: str
) -> Response:
    row, kind = entry.row, entry.kind
    told = {
        "kind": KIND_WORDS[kind],
        "name": row.name,
        "code": row.code,
        "unit": row.unit,
        "is_closed": row.closed_from is not None,
        "facts": [*await _facts(connection, entry), *entry.more],
        "acts": [
            (each.title, paths.act(slug, entry=row.code, unit=row.unit))
            for slug, each in ACTS.items()
            if each.kind == kind and not each.is_new
        ],
        "history": await history(connection, entry.stream, row.code),
        "done": ACTS[done].title if done in ACTS else "",
        "paths": paths,
    }
    return shell_of(request).page(request, "register/entry.html", told)


async def _facts(connection: asyncpg.Connection, entry: _Entry) -> list[tuple[str, str, str]]:
    row = entry.row
    called = await names(connection, [row.unit, entry.section or ""])
    told = [
        ("代码", row.code, ""),
        ("所在单位", called.get(("unit", row.unit), row.unit), paths.entry("unit", row.unit)),
    ]
    if entry.section:
        name = called.get(("section", entry.section), entry.section)
        told.append(("所在科室", name, paths.entry("section", entry.section)))
    told.append(("在册", f"自 {row.effective_from} 起", ""))
    if row.closed_from is not None:
        told.append((ENDS[entry.kind], f"自 {row.closed_from} 起", ""))
    return told


def _held(place: str, holder: Holder | None) -> tuple[str, str, str]:
    if holder is None:
        return place, "空缺", ""
    words = f"{holder.name}，自 {holder.since} 起"
    if not holder.is_present:
        until = f"至 {holder.away_through}" if holder.away_through else "起，返岗日未定"
        words += f"；今日离岗（{holder.away_from} {until}）"
    return place, words, paths.entry("person", holder.person)


def _holding(held: Holding) -> tuple[str, str, str]:
    return f"{held.place} 岗", f"{held.name}，自 {held.since} 起", paths.entry("post", held.post)
