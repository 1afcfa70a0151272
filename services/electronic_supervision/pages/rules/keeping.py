"""The acts by which a rule is led through its life."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.web.access import needs
from kernel.web.shell.shell import shell_of
from services.electronic_supervision.domain.rules.life_acts import (
    ActivateRule,
    RetireRule,
    ShadowRule,
)
from services.electronic_supervision.domain.rules.life_stages import Life, Version
from services.electronic_supervision.pages.rules import paths
from services.electronic_supervision.pages.rules.desk import RulesDesk
from services.electronic_supervision.rules.mistake import BadRuleError, Mistake
from services.electronic_supervision.rules.refusals import problem
from services.electronic_supervision.rules.store import load_lives

Keeper = Annotated[Caller, Depends(needs(Right.KEEP_CATALOGUE))]
Number = Annotated[int, Form(ge=1, le=10_000)]
Text = Annotated[str, Form(max_length=64_000)]
Reason = Annotated[str, Form(max_length=500)]
Day = Annotated[date, Form()]


def keeping_router(desk: RulesDesk) -> APIRouter:
    """Build the routes."""
    router = APIRouter(include_in_schema=False)
    _drafting(router, desk)
    _acts(router, desk)
    return router


def _drafting(router: APIRouter, desk: RulesDesk) -> None:
    @router.get(paths.DRAFT)
    async def blank(
        request: Request,
        _: Keeper,
        id_: Annotated[str, Query(alias="id", max_length=100)] = "",
        version: Annotated[int, Query(ge=1, le=10_000)] = 1,
    ) -> Response:
        text = (await _version(desk, id_, version)).document if id_ else ""
        return _form(request, text, id_)

    @router.post(paths.DRAFT)
    async def draft(request: Request, caller: Keeper, document: Text) -> Response:
        """Keep a draft, or show every mistake with its line."""
        text = document.replace("\r\n", "\n")
        try:
            id_, number = await desk.draft(text, caller)
        except BadRuleError as error:
            return _form(request, text, "", error.mistakes)
        return RedirectResponse(paths.rule(id_, "drafted", number), 303)


def _acts(router: APIRouter, desk: RulesDesk) -> None:
    @router.post(paths.ROOT + "/{id_}/rehearse")
    async def rehearse(id_: str, caller: Keeper, version: Number) -> Response:
        asked = await desk.ask(id_, await _version(desk, id_, version), caller)
        return RedirectResponse(paths.rehearsal(asked), 303)

    @router.post(paths.ROOT + "/{id_}/shadow")
    async def shadow(id_: str, caller: Keeper, version: Number) -> Response:
        wish = ShadowRule(id=id_, version=version, today=desk.today)
        happened = await desk.carry_out(wish, caller)
        done = "shadow" if happened else "same"
        return RedirectResponse(paths.rule(id_, done, version), 303)

    @router.post(paths.ROOT + "/{id_}/activate")
    async def activate(id_: str, caller: Keeper, version: Number, effective_from: Day) -> Response:
        wish = ActivateRule(
            id=id_, version=version, effective_from=effective_from, today=desk.today
        )
        happened = await desk.carry_out(wish, caller)
        done = "activated" if happened else "same"
        return RedirectResponse(paths.rule(id_, done, version), 303)

    @router.post(paths.ROOT + "/{id_}/retire")
    async def retire(
        id_: str, caller: Keeper, version: Number, day: Day, reason: Reason = ""
    ) -> Response:
        wish = RetireRule(id=id_, version=version, day=day, reason=reason.strip(), today=desk.today)
        happened = await desk.carry_out(wish, caller)
        done = "retired" if happened else "same"
        return RedirectResponse(paths.rule(id_, done, version), 303)


async def _version(desk: RulesDesk, id_: str, number: int) -> Version:
    async with desk.reading() as connection:
        life = (await load_lives(connection)).get(id_, Life())
    if not life.versions:
        raise problem("rule-unknown")
    if not 1 <= number <= len(life.versions):
        raise problem("version-unknown", "version")
    return life.versions[number - 1]


def _form(request: Request, text: str, id_: str, mistakes: tuple[Mistake, ...] = ()) -> Response:
    told = {"text": text, "id": id_, "mistakes": mistakes, "paths": paths}
    status = 422 if mistakes else 200
    return shell_of(request).page(request, "supervision/rules_draft.html", told, status=status)
