"""The pages of forms: filled in, refused with the reason on them, or carried out."""

from collections.abc import Mapping
from typing import Annotated, Any

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
from services.electronic_supervision.pages.registers import paths
from services.electronic_supervision.pages.registers.fields import FIELDS
from services.electronic_supervision.pages.registers.texts import BadLineError, filled, parsed
from services.electronic_supervision.pages.registers.words import KIND_WORDS
from services.electronic_supervision.registers.acts import ACTS, Act
from services.electronic_supervision.registers.clerk import Clerk
from services.electronic_supervision.registers.load import states
from services.electronic_supervision.registers.problems import answered
from services.electronic_supervision.registers.reading import units

Keeper = Annotated[Caller, Depends(needs(Right.KEEP_CATALOGUE))]
Values = Mapping[str, str]
CODES: TypeAdapter[str] = TypeAdapter(Code)
ENTRY = "entry"
"""The field with the code of the entry that a form is about."""
OF_THE_ENTRY = {"number", "code", "offence"}
"""What refusals call that code."""
IN_LINES = {"stage": "stages", "amount": "stages", "grade": "grades", "most": "grades"}
"""Of which field something is that refusals name."""


def keeping_router(clerk: Clerk) -> APIRouter:
    """Build the routes of forms."""
    router = APIRouter(include_in_schema=False)

    @router.get(paths.ACT + "/{slug}")
    async def blank(request: Request, slug: str, _: Keeper) -> Response:
        """Show a form, filled in with what is so and what the address says."""
        return await _form(clerk, request, slug, dict(request.query_params))

    @router.post(paths.ACT + "/{slug}")
    async def filled_in(request: Request, slug: str, caller: Keeper) -> Response:
        """Carry out what is wished, or show the form again with what is in the way."""
        form = await request.form()
        values = {k: v.strip() for k, v in form.multi_items() if isinstance(v, str)}
        try:
            code = await _carry_out(clerk, slug, values, caller)
        except ProblemError as error:
            return await _form(clerk, request, slug, values, error.problem)
        return RedirectResponse(paths.entry(_act(slug).kind.name, code, done=slug), 303)

    return router


async def _carry_out(clerk: Clerk, slug: str, values: Values, caller: Caller) -> str:
    """Return the code of the entry. Raises ProblemError."""
    act = _act(slug)
    labels = {field.name: field.label for field in FIELDS[slug]}
    told = {name: value for name, value in values.items() if name in labels and value}
    try:
        code = CODES.validate_python(values.get(ENTRY, ""))
    except ValidationError as error:
        raise _mistake(KIND_WORDS[act.kind.name].code, ENTRY, values, error) from None
    form = _form_of(act, told, labels, values)
    with answered():
        command = form.command(code)
    await clerk.carry_out(command, caller)
    return code


def _form_of(act: Act, told: Values, labels: Values, values: Values) -> Any:
    try:
        return act.form.model_validate(parsed(told))
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise _mistake(labels[name], name, values, error) from None
    except BadLineError as error:
        name = "stages" if "stages" in told else "grades"
        raise _problem(f"{labels[name]}：第 {error} 行的写法不符合要求。", name) from None


def _mistake(label: str, name: str, values: Values, error: ValidationError) -> ProblemError:
    """Say what is wrong with a field, by the label that people read."""
    told = invalid({**error.errors()[0], "loc": ("body", name)}).problem.detail
    words = told.partition("：")[2] if values.get(name) else "必须填写。"
    return _problem(f"{label}：{words}", name)


def _problem(detail: str, name: str) -> ProblemError:
    return ProblemError(
        422,
        "invalid-request",
        title="填写不符合要求",
        detail=detail,
        fix="请改正后重新提交。",
        field=name,
    )


async def _form(
    clerk: Clerk, request: Request, slug: str, values: Values, problem: Problem | None = None
) -> Response:
    act = _act(slug)
    kind, code = act.kind, values.get(ENTRY, "")
    before: dict[str, str] = {"effective_from": clerk.today.isoformat()}
    async with clerk.reading() as connection:
        proposed = await units(connection)
        if act.fills and problem is None:
            before |= filled((await states(connection, kind, [code]))[code])
    told = {
        "act": act,
        "slug": slug,
        "kind": kind.name,
        "words": KIND_WORDS[kind.name],
        "fields": FIELDS[slug],
        "is_known": bool(code) and not act.is_new,
        "values": values if problem else {**before, **values},
        "problem": problem,
        "wrong": _wrong(slug, problem),
        "units": proposed,
        "back": paths.entry(kind.name, code)
        if code and not act.is_new
        else paths.listing(kind.name),
        "paths": paths,
    }
    status = 200 if problem is None else problem.status
    return shell_of(request).page(request, "supervision/registers_form.html", told, status=status)


def _wrong(slug: str, problem: Problem | None) -> str:
    """Return the name of the field that is in the way, "" if it is none of the form's."""
    if problem is None or problem.field is None:
        return ""
    names = {field.name for field in FIELDS[slug]}
    name = IN_LINES.get(problem.field, problem.field)
    if name in names:
        return name
    return ENTRY if name in OF_THE_ENTRY | {"enterprise", "unit"} else name


def _act(slug: str) -> Act:
    if slug not in ACTS:
        raise not_found()
    return ACTS[slug]
