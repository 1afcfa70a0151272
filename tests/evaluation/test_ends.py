"""Posts end with their section and their unit; who takes the register away is on record."""

from datetime import date, timedelta

import asyncpg
import httpx
import pytest

from kernel.store.store import read
from services.evaluation.domain.section import CloseSection
from services.evaluation.domain.unit_acts import CloseUnit
from services.evaluation.reading.overview import unit_lines
from services.evaluation.reading.posts import posts_of
from tests.evaluation.test_staff import staffed, told

__all__ = ["staffed"]

END = date(2012, 6, 1)
DAY = timedelta(days=1)
SECTION_ENDS = CloseSection(code="WHZJW-SP", effective_from=END)
UNIT_ENDS = CloseUnit(code="WHZJW", effective_from=END, successor=None)


async def posts(connection: asyncpg.Connection, on: date, *, is_closed: bool) -> int:
    lines = await unit_lines(connection, on=on, is_closed=is_closed, search="", group="", limit=10)
    return sum(each.posts for each in lines if each.code == "WHZJW")


@pytest.mark.usefixtures("staffed")
@pytest.mark.parametrize("ending", [SECTION_ENDS, UNIT_ENDS], ids=["section", "unit"])
async def test_posts_end_with_their_section_and_their_unit(
    connection: asyncpg.Connection, ending: CloseSection | CloseUnit
) -> None:
    await told(connection, ending)
    is_closed = isinstance(ending, CloseUnit)
    assert await posts(connection, END - DAY, is_closed=False) == 1
    assert await posts(connection, END, is_closed=is_closed) == 0, "a post that ended is counted"
    assert len(await posts_of(connection, "R0001", END - DAY)) == 1
    assert await posts_of(connection, "R0001", END) == [], "a post that ended is held"


@pytest.mark.parametrize("kind", ["xlsx", "yaml"])
async def test_who_takes_the_register_away_is_on_record(
    staffed: httpx.AsyncClient, connection: asyncpg.Connection, kind: str
) -> None:
    before = [each async for each in read(connection)]
    answer = await staffed.get("/register/export", params={"format": kind})
    assert answer.status_code == 200
    after = [each async for each in read(connection)]
    (noted,) = after[len(before) :]
    assert (noted.stream, noted.type) == ("register-exports", "RegisterExported")
    assert kind in noted.data
    assert '"by"' in noted.metadata
