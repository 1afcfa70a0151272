"""The page of one entry: what it is on a day, and what happened to it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from kernel.access.policy import ROLE_WORDS, Right, Role
from kernel.store.store import load
from kernel.web.access import needs
from kernel.web.answers import not_found
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.pages.registers import paths
from services.electronic_supervision.pages.registers.words import (
    BADGES,
    KIND_WORDS,
    state_words,
    what,
    when,
)
from services.electronic_supervision.registers.acts import ACTS
from services.electronic_supervision.registers.clerk import ZONE, Clerk
from services.electronic_supervision.registers.fields import Day
from services.electronic_supervision.registers.limit_words import limit_words, yuan
from services.electronic_supervision.registers.load import states
from services.electronic_supervision.registers.problems import unknown
from services.electronic_supervision.registers.reading import row_on, unit_names
from services.electronic_supervision.registers.store import KINDS
from services.electronic_supervision.registers.views import (
    ApprovalView,
    BandView,
    CardView,
    ChainView,
    ChangeView,
    QuotaView,
    View,
    view_of,
)

READ = Depends(needs(Right.SEE_CATALOGUE))


def entry_router(clerk: Clerk) -> APIRouter:
    """Build the route of the page."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)

    @router.get(paths.ROOT + "/{kind}/{code:path}")
    async def one(
        request: Request,
        kind: str,
        code: str,
        on: Day | None = None,
        done: Annotated[str, Query(max_length=50)] = "",
    ) -> Response:
        if kind not in KINDS:
            raise not_found()
        known, day = KINDS[kind], on or clerk.today
        async with clerk.reading() as connection:
            state = (await states(connection, known, [code]))[code]
            changes = [
                ChangeView.of(each) for each in await load(connection, known.stream_of(code))
            ]
            view = view_of(code, state, day)
            names = await unit_names(connection, _units(view))
        if not changes:
            raise unknown(known)
        told = {
            "kind": kind,
            "words": KIND_WORDS[kind],
            "code": code,
            "day": day,
            "view": view,
            "name": KIND_WORDS[kind].title if view is None else _name(view, names),
            "state": "" if view is None else state_words(kind, view.state),
            "badge": "" if view is None else BADGES.get(view.state, "plain"),
            "facts": [] if view is None else _facts(view, names),
            "table": None if view is None else _table(state, view, names),
            "acts": [
                (each.title, paths.act(slug, entry=code))
                for slug, each in ACTS.items()
                if each.kind is known and not each.is_new
            ],
            "history": [_happened(each) for each in reversed(changes)],
            "done": ACTS[done].title if done in ACTS else "",
            "paths": paths,
        }
        return shell_of(request).page(request, "supervision/registers_entry.html", told)

    return router


def _units(view: View | None) -> set[str]:
    if isinstance(view, ApprovalView | QuotaView):
        return {view.unit}
    if isinstance(view, ChainView):
        return {each.unit for each in view.stages}
    return set()


def _name(view: View, names: Mapping[str, str]) -> str:
    if isinstance(view, QuotaView):
        return f"{names.get(view.unit, view.unit)} {view.year} 年"
    return view.name


def _facts(view: View, names: Mapping[str, str]) -> list[tuple[str, str]]:
    told = [(KIND_WORDS[view.kind].code, view.code)]
    match view:
        case CardView():
            told.append(("有效期", f"{view.granted_from} 至 {view.last_day}"))
            told += [("原因", view.reason)] if view.reason else []
        case ApprovalView():
            told += [
                ("检查单位", names.get(view.unit, view.unit)),
                ("计划年度", str(view.year)),
                ("批准次数", f"每个企业 {view.times} 次"),
                ("企业", "、".join(view.enterprises)),
            ]
            told.append(("检查日期", f"{view.first_day} 至 {view.last_day}"))
            if view.revoked_from is not None:
                told.append(("撤销", f"自 {view.revoked_from} 起；{view.reason}"))
        case QuotaView():
            told.append(("次数", f"每个企业 {view.times} 次"))
        case BandView():
            told.append(("法律依据", view.clause))
            told.append(("本版生效", f"自 {view.first_day} 起"))
        case ChainView():
            told.append(("本版生效", f"自 {view.first_day} 起"))
    return told


def _table(state: Any, view: View, names: Mapping[str, str]) -> Mapping[str, object] | None:
    """Return the table that belongs to an entry: its title, heads and rows."""
    row = row_on(state, view.first_day)
    if row is None:
        return None
    match view:
        case QuotaView(exceptions=exceptions) if exceptions:
            rows = [(e.enterprise, f"{e.times} 次", e.reason) for e in exceptions]
            return _told("单列企业", ("企业", "次数", "原因"), rows)
        case ChainView():
            stages = state.at(view.first_day).stages
            lines = [
                (s.code, s.name, names.get(s.unit, s.unit), limit_words(s.time) or "—")
                for s in stages
            ]
            return _told("环节", ("代码", "环节", "责任单位", "时限"), lines)
        case BandView(grades=grades):
            bands = [
                (g.code, g.circumstances, f"{yuan(g.least_fen)} 元", f"{yuan(g.most_fen)} 元")
                for g in grades
            ]
            return _told("档次", ("档次", "适用情形", "最低罚款", "最高罚款"), bands)
        case _:
            return None


def _told(
    title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]
) -> Mapping[str, object]:
    return {"title": title, "heads": heads, "rows": rows}


def _happened(change: ChangeView) -> Mapping[str, object]:
    role = ROLE_WORDS[Role(change.role)] if change.role in set(Role) else ""
    at = change.recorded_at.astimezone(ZONE)
    who = f"{change.by or '系统'}{f'（{role}）' if role else ''}于 {at:%Y-%m-%d %H:%M} 登记"
    reason = change.told.get("reason")
    lines = [*([f"原因：{reason}"] if reason else []), who]
    return {
        "kind": "plain",
        "counts": True,
        "at": when(change),
        "what": what(change),
        "lines": lines,
        "id": "",
    }
