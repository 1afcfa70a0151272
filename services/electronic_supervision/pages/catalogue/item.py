"""The page of one item: what it is, its versions, what systems call it, and its history."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from kernel.access.policy import ROLE_WORDS, Right, Role
from kernel.web.access import needs
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.catalogue.desk import ZONE, CatalogueDesk
from services.electronic_supervision.catalogue.document.lines import Day
from services.electronic_supervision.catalogue.forms import ChangeView
from services.electronic_supervision.catalogue.history import changes, shown
from services.electronic_supervision.catalogue.reading import ItemRow, aliases, item, versions
from services.electronic_supervision.catalogue.refusals import problem
from services.electronic_supervision.catalogue.wording import said, yuan
from services.electronic_supervision.catalogue.words import (
    ARRANGEMENTS,
    FEES,
    NATURES,
    PAUSE_GROUNDS,
)
from services.electronic_supervision.domain.catalogue.catalogue import ItemVersion
from services.electronic_supervision.domain.catalogue.item_content import FeeStandard, ItemContent
from services.electronic_supervision.domain.catalogue.period import Period
from services.electronic_supervision.pages.catalogue import paths
from services.electronic_supervision.pages.catalogue.words import (
    BADGES,
    CHANGES,
    DONE,
    STANDINGS,
)

READ = Depends(needs(Right.SEE_CATALOGUE))


def item_router(desk: CatalogueDesk) -> APIRouter:
    """Build the route of the page."""
    router = APIRouter(dependencies=[READ], include_in_schema=False)

    @router.get(paths.ROOT + "/items/{code:path}")
    async def one(
        request: Request,
        code: str,
        on: Day | None = None,
        done: Annotated[str, Query(max_length=50)] = "",
    ) -> Response:
        day = on or desk.today
        async with desk.reading() as connection:
            row = await item(connection, code, day)
            if row is None:
                raise problem("item-unknown", "code")
            all_versions = await versions(connection, code)
            called = await aliases(connection, code)
            told = [shown(each) for each in await changes(connection, code)]
        view = {
            "row": row,
            "day": day,
            "standing": STANDINGS[row.standing],
            "badge": BADGES[row.standing],
            "facts": facts(row),
            "content": row.content,
            "steps": [
                (each.code, each.name, limit_words(each.limit)) for each in row.content.steps
            ],
            "materials": [(each.code, each.name) for each in row.content.materials],
            "pauses": [
                (PAUSE_GROUNDS.get(each.ground, each.ground), each.clause)
                for each in row.content.pauses
            ],
            "versions": [_version(each) for each in reversed(all_versions)],
            "aliases": called,
            "history": [_happened(each) for each in reversed(told)],
            "is_ended": row.withdrawn_from is not None,
            "done": DONE.get(done, ""),
            "paths": paths,
        }
        return shell_of(request).page(request, "supervision/catalogue_item.html", view)

    return router


def limit_words(period: Period | None) -> str:
    """Say a limit, a dash if there is none."""
    return "—" if period is None else said(period)


def facts(row: ItemRow) -> Sequence[tuple[str, str]]:
    """Return what the page says of an item, with titles."""
    content = row.content
    unit = f"{row.unit_name}（{content.unit}）" if row.unit_name else content.unit
    place = ARRANGEMENTS[content.arrangement]
    handed = "" if content.handed_to is None else f"，由 {content.handed_to} 办理"
    return (
        ("单位", unit if row.unit_name else f"{unit}（名册中没有这个单位）"),
        ("性质", NATURES[content.nature]),
        ("法定时限", _with_clause(content.statutory, content.statutory_clause)),
        ("承诺时限", _with_clause(content.promised, content.promised_clause)),
        ("绿卡时限", limit_words(content.green_card)),
        ("A岗、B岗", f"{content.post_a or '—'}、{content.post_b or '—'}"),
        ("收费", fee_words(content)),
        ("办事指南", "已公布" if content.guide_published else "未公布"),
        ("办理方式", f"{place}{handed}"),
        ("本版生效", f"自 {row.first_day} 起（第 {row.number} 版）"),
        *([("取消", f"自 {row.withdrawn_from} 起")] if row.withdrawn_from else []),
    )


def fee_words(content: ItemContent) -> str:
    """Say whether a fee may be charged, by which clause and how much."""
    fee = content.fee
    if isinstance(fee, FeeStandard):
        most = "" if fee.most_fen is None else f"，最高 {yuan(fee.most_fen)} 元"
        return f"{fee.clause}{most}"
    return FEES["none"] if fee is None else FEES["not-stated"]


def _with_clause(period: Period | None, clause: str) -> str:
    return "—" if period is None else f"{said(period)}（{clause}）"


def _version(version: ItemVersion) -> Sequence[str]:
    content = version.content
    return (
        f"第 {version.number} 版",
        version.effective_from.isoformat(),
        content.name,
        limit_words(content.statutory),
        limit_words(content.promised),
        limit_words(content.green_card),
    )


def _happened(change: ChangeView) -> Mapping[str, object]:
    role = ROLE_WORDS[Role(change.role)] if change.role in set(Role) else ""
    at = change.recorded_at.astimezone(ZONE)
    lines = [f"{change.by or '系统'}{f'（{role}）' if role else ''}于 {at:%Y-%m-%d %H:%M} 登记"]
    if change.reason:
        lines.insert(0, f"原因：{change.reason}")
    if change.is_backdated:
        lines.insert(0, "登记时生效日期已过，可能涉及已受理的办件")
    if change.alias is not None:
        lines.insert(0, f"{change.alias.source}：{change.alias.code}")
    return {
        "kind": "plain",
        "counts": True,
        "at": "—" if change.effective_from is None else f"{change.effective_from}",
        "what": CHANGES[change.kind],
        "lines": lines,
        "id": "",
    }
