"""The part of a form that says in which roles somebody acts, and for which units."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kernel.access.policy import BOUND_TO_UNITS, MAY_HAVE_UNITS, ROLE_WORDS, Role
from kernel.access.principal import Grant
from kernel.access.refused import Refused
from kernel.reception.form import Form

BETWEEN = re.compile(r"[\s,，、;；]+")
LONGEST_UNIT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A role that can be chosen, and how it is chosen now."""

    value: str
    words: str
    is_bound: bool
    may_have_units: bool
    is_chosen: bool
    units: str


def choices(roles: Iterable[Role], grants: Sequence[Grant] = ()) -> list[Choice]:
    """Return the roles in their order, with those chosen that somebody has."""
    return [_choice(role, grants) for role in Role if role in set(roles)]


def chosen(form: Form, roles: Iterable[Role]) -> tuple[Grant, ...]:
    """Return what was chosen of some roles. Raises Refused (`no-role`, `unit-needed`)."""
    return tuple(
        Grant(role=role, unit=unit)
        for role in Role
        if role.value in form.all("role")
        for unit in _units(form, role)
        if _is_among(role, roles)
    )


def _choice(role: Role, grants: Sequence[Grant]) -> Choice:
    having = [grant for grant in grants if grant.role is role]
    return Choice(
        value=role.value,
        words=ROLE_WORDS[role],
        is_bound=role in BOUND_TO_UNITS,
        may_have_units=role in MAY_HAVE_UNITS,
        is_chosen=bool(having),
        units="、".join(grant.unit for grant in having if grant.unit),
    )


def _units(form: Form, role: Role) -> Sequence[str | None]:
    named = [each for each in BETWEEN.split(form.text(f"units-{role.value}")) if each]
    if any(len(each) > LONGEST_UNIT or not each.isprintable() for each in named):
        raise Refused("unit-needed", field="unit")
    return named or [None]


def _is_among(role: Role, roles: Iterable[Role]) -> bool:
    if role not in set(roles):  # nobody chooses it on a page of ours
        raise Refused("no-role", field="role")
    return True
