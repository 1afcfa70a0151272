"""The pages of forms: filled in, refused with the reason on them, or carried out."""

from collections.abc import Mapping
from typing import Annotated

import asyncpg
from fastapi import APIRouter, Depends, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import RedirectResponse, Response

from contracts.vocabulary import Code
from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.web.access import needs
from kernel.web.answers import not_found
from kernel.web.problem import Problem, ProblemError
from kernel.web.shell.shell import shell_of
from kernel.web.validation import invalid
from services.evaluation.desk import Desk
from services.evaluation.pages import paths
from services.evaluation.pages.acts import ACTS, KIND_WORDS, Act
from services.evaluation.reading.people import people
from services.evaluation.reading.sections import sections
from services.evaluation.reading.units import units

Keeper = Annotated[Caller, Depends(needs(Right.KEEP_REGISTER))]
Values = Mapping[str, str]
Choices = list[tuple[str, str]]
CODES: TypeAdapter[str] = TypeAdapter(Code)
MOST = 1000
ENTRY = "entry"
"""The field with the code of the entry that a form is about."""


def keeping_router(desk: Desk) -> APIRouter:
    """Build the routes of forms."""
    router = APIRouter(include_in_schema=False)

    @router.get(paths.ACT + "/{slug}")
    async def blank(request: Request, slug: str, _: Keeper) -> Response:
        """Show a form, filled in with what the address says."""
        return await _form(desk, request, slug, dict(request.query_params))

    @router.post(paths.ACT + "/{slug}")
    async def filled_in(request: Request, slug: str, caller: Keeper) -> Response:
        """Carry out what is wished, or show the form again with what is in the way."""
        values = await _values(request)
        try:
            code = await _carry_out(desk, _act(slug), values, caller)
        except ProblemError as error:
            return await _form(desk, request, slug, values, error.problem)
        return RedirectResponse(paths.entry(_act(slug).kind, code, done=slug), 303)

    @router.get(paths.ALIASES)
    async def alias(request: Request, _: Keeper) -> Response:
        """Ask to which unit an unknown code of a city system belongs."""
        return await _form(desk, request, "add-alias", dict(request.query_params))

    return router


async def _values(request: Request) -> Values:
    form = await request.form()
    return {name: value.strip() for name, value in form.multi_items() if isinstance(value, str)}


async def _carry_out(desk: Desk, act: Act, values: Values, caller: Caller) -> str:
    """Return the code of the entry. Raises ProblemError."""
    labels = {field.name: field.label for field in act.fields}
    told = {name: value for name, value in values.items() if name in labels and value}
    try:
        code = CODES.validate_python(values.get(ENTRY, ""))
    except ValidationError as error:
        raise _mistake(f"{KIND_WORDS[act.kind]}代码", ENTRY, values, error) from None
    try:
        form = act.model.model_validate(told)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise _mistake(labels[name], name, values, error) from None
    await desk.carry_out(form.command(code), caller)
    return code


def _mistake(label: str, name: str, values: Values, error: ValidationError) -> ProblemError:
    """Say what is wrong with a field, by the label that people read."""
    told = invalid({**error.errors()[0], "loc": ("body", name)}).problem.detail
    words = told.partition("：")[2] if values.get(name) else "必须填写。"
    return ProblemError(
        422,
        "invalid-request",
        title="填写不符合要求",
        detail=f"{label}：{words}",
        fix="请改正后重新提交。",
        field=name,
    )


async def _form(
    desk: Desk, request: Request, slug: str, values: Values, problem: Problem | None = None
) -> Response:
    act = _act(slug)
    today = desk.today.isoformat()
    async with desk.reading() as connection:
        choices = await _choices(connection, values.get("unit", ""))
    told = {
        "act": act,
        "slug": slug,
        "kind": KIND_WORDS[act.kind],
        "is_known": bool(values.get(ENTRY)) and not act.is_new,
        "values": values if problem else {"effective_from": today, "first_day": today, **values},
        "problem": problem,
        "wrong": _wrong(act, problem),
        "choices": choices,
        "back": _back(act, values),
        "paths": paths,
    }
    status = 200 if problem is None else problem.status
    return shell_of(request).page(request, "register/form.html", told, status=status)


def _wrong(act: Act, problem: Problem | None) -> str:
    """Return the name of the field that is in the way, "" if it is none of the form's."""
    if problem is None or problem.field is None:
        return ""
    if problem.field == "code" and "code" not in {field.name for field in act.fields}:
        return ENTRY
    return problem.field


def _back(act: Act, values: Values) -> str:
    if values.get(ENTRY) and not act.is_new:
        return paths.entry(act.kind, values[ENTRY])
    return paths.entry("unit", values["unit"]) if values.get("unit") else paths.ROOT


async def _choices(connection: asyncpg.Connection, unit: str) -> Mapping[str, Choices]:
    """Return the codes and names that are proposed; of sections and people those of a unit."""
    known = await units(connection, after="", limit=MOST)
    told: dict[str, Choices] = {
        "unit": [(each.code, each.name) for each in known if each.closed_from is None],
        "section": [],
        "person": [],
    }
    if unit:
        found = await sections(connection, after="", limit=MOST, unit=unit)
        told["section"] = [(each.code, each.name) for each in found if each.closed_from is None]
        staff = await people(connection, after="", limit=MOST, unit=unit)
        told["person"] = [(each.code, each.name) for each in staff if each.closed_from is None]
    return told


def _act(slug: str) -> Act:
    if slug not in ACTS:
        raise not_found()
    return ACTS[slug]
