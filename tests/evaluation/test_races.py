"""Whatever is said of the register at once, the record can be told again in its order."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import asyncpg
import pytest

from kernel.database import borrowed
from services.evaluation.domain.person_acts import LetGo, TakeOn
from services.evaluation.domain.refused import Refused
from services.evaluation.domain.section import CloseSection, OpenSection
from services.evaluation.domain.unit_acts import CloseUnit
from services.evaluation.project import rebuild
from services.evaluation.register import carry_out
from services.evaluation.store import Command
from tests.evaluation.dump import dump
from tests.evaluation.staff import APPROVAL_SECTION, AT_APPROVALS, COUNTER, WANG, ZHANG_AS_A
from tests.evaluation.units import HOUSING, JUNE, NOW, acting

ROUNDS = 15


async def tell(pool: asyncpg.Pool, command: Command) -> str:
    """Return why a wish was refused, "" if it was granted."""
    async with borrowed(pool) as connection:
        try:
            await carry_out(connection, command, now=NOW, acting=acting("operator"))
        except Refused as refused:
            return refused.code
    return ""


def ended_and_used(round_: int) -> Sequence[tuple[Command, Sequence[Command]]]:
    """Return an end, and what would begin on the same day with what ends."""
    unit, section, person = (f"{each}/{round_}" for each in ("WHZJW", "WHZJW-SP", "R0003"))
    at = replace(AT_APPROVALS, unit=unit, section=section)
    return [
        (
            CloseUnit(code=unit, effective_from=JUNE),
            [
                OpenSection(code=f"k{n}/{round_}", unit=unit, name="科", effective_from=JUNE)
                for n in range(4)
            ],
        ),
        (
            CloseSection(code=section, effective_from=JUNE),
            [
                TakeOn(code=f"r{n}/{round_}", name="某", position=at, effective_from=JUNE)
                for n in range(4)
            ],
        ),
        (
            LetGo(code=person, effective_from=JUNE),
            [replace(ZHANG_AS_A, code=f"g/{round_}", person=person, effective_from=JUNE)],
        ),
    ]


async def settle(pool: asyncpg.Pool, round_: int) -> None:
    """Register a unit with a section, a person and a post, all under codes of this round."""
    unit, section = f"WHZJW/{round_}", f"WHZJW-SP/{round_}"
    at = replace(AT_APPROVALS, unit=unit, section=section)
    told: Sequence[Command] = (
        replace(HOUSING, code=unit, aliases=()),
        replace(APPROVAL_SECTION, code=section, unit=unit),
        replace(WANG, code=f"R0003/{round_}", position=at),
        replace(COUNTER, code=f"g/{round_}", unit=unit, section=section),
    )
    for command in told:
        assert await tell(pool, command) == "", command


@pytest.mark.parametrize("which", [0, 1, 2], ids=["unit", "section", "person"])
async def test_nothing_begins_with_what_has_ended_before_it_in_the_record(
    pool: asyncpg.Pool, connection: asyncpg.Connection, which: int
) -> None:
    for round_ in range(ROUNDS):
        await settle(pool, round_)
        end, uses = ended_and_used(round_)[which]
        told = await asyncio.gather(*(tell(pool, each) for each in (*uses, end)))
        assert told[-1] == "", told
        assert {each for each in told[:-1] if each} <= {
            "unit-not-there",
            "section-not-there",
            "person-not-there",
        }
    before = await dump(connection)
    await rebuild(connection)
    assert await dump(connection) == before
