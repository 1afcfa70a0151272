"""The tables that pages list: what an entry is from which day on, told by its state alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never

import asyncpg

from services.electronic_supervision.domain.registers.discretion_band import Offence
from services.electronic_supervision.domain.registers.green_card import GreenCard
from services.electronic_supervision.domain.registers.inspection_approval import Approval
from services.electronic_supervision.domain.registers.inspection_quota import Quota
from services.electronic_supervision.domain.registers.service_chain import ServiceChain
from services.electronic_supervision.domain.registers.versions import Versions

FORGET = "delete from register_version where kind = $1 and code = $2"
WRITE = """
insert into register_version (kind, code, first_day, last_day, standing, name, unit, words)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""

VALID, WITHDRAWN = "valid", "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A version of an entry; `words` are all that may be searched for."""

    first_day: date
    last_day: date | None
    standing: str
    name: str
    unit: str
    words: tuple[str, ...]


async def write(connection: asyncpg.Connection, kind: str, code: str, state: object) -> None:
    """Write the versions of an entry anew."""
    await connection.execute(FORGET, kind, code)
    for each in rows_of(state):
        words = "\n".join((code, each.name, *each.words))
        told = (each.first_day, each.last_day, each.standing, each.name, each.unit, words)
        await connection.execute(WRITE, kind, code, *told)


def rows_of(state: Any) -> Iterator[Row]:
    """Yield the versions of an entry of any kind, in order; none if it never was."""
    match state:
        case None:
            return
        case Versions(days=days, kept=kept):
            for day, version in zip(days, kept, strict=True):
                yield _version(day, version)
        case Approval():
            yield from _approval(state)
        case Quota():
            yield _quota(state)
        case _:
            raise TypeError(state)


def _version(day: date, version: GreenCard | ServiceChain | Offence) -> Row:
    match version:
        case GreenCard():
            return Row(
                first_day=day,
                last_day=version.last_day,
                standing=version.standing.value,
                name=version.name,
                unit="",
                words=(),
            )
        case ServiceChain():
            return Row(
                first_day=day,
                last_day=None,
                standing=WITHDRAWN if version.is_withdrawn else VALID,
                name=version.name,
                unit="",
                words=tuple(f"{each.name} {each.unit}" for each in version.stages),
            )
        case Offence():
            return Row(
                first_day=day,
                last_day=None,
                standing=WITHDRAWN if version.is_repealed else VALID,
                name=version.name,
                unit="",
                words=(version.clause, *(each.circumstances for each in version.grades)),
            )
        case _:
            assert_never(version)


def _approval(approval: Approval) -> Iterator[Row]:
    terms, revoked = approval.terms, approval.revoked_from
    row = Row(
        first_day=terms.first_day,
        last_day=terms.last_day,
        standing=VALID,
        name=terms.purpose,
        unit=terms.unit,
        words=(terms.unit, *terms.enterprises),
    )
    if revoked is None or revoked > terms.first_day:
        yield row
    if revoked is not None:
        yield Row(
            first_day=max(revoked, terms.first_day),
            last_day=terms.last_day,
            standing=WITHDRAWN,
            name=row.name,
            unit=row.unit,
            words=row.words,
        )


def _quota(quota: Quota) -> Row:
    return Row(
        first_day=date(quota.year, 1, 1),
        last_day=date(quota.year, 12, 31),
        standing=VALID,
        name=quota.unit,
        unit=quota.unit,
        words=tuple(quota.exceptions),
    )
