"""The register of a whole city goes out and in again."""

from datetime import date

import httpx
import pytest

from kernel.document.write import write_workbook, write_yaml
from services.evaluation.document.headings import LAYOUT
from services.evaluation.document.lines import AnyLine, PersonLine, SectionLine, UnitLine
from services.evaluation.domain.person_acts import Duty
from services.evaluation.domain.unit_acts import Group
from tests.evaluation.document.test_importing import imported, previewed

DAY = date(2011, 9, 20)
PEOPLE = 12_000


def city(people: int) -> dict[str, list[AnyLine]]:
    units = [
        UnitLine(code=f"U{n:03}", name=f"芜湖市第{n}局", group=Group.GOVERNMENT, effective_from=DAY)
        for n in range(people // 100)
    ]
    sections = [
        SectionLine(code=f"S{n:04}", name=f"第{n}科", unit=f"U{n // 10:03}", effective_from=DAY)
        for n in range(people // 10)
    ]
    staff = [
        PersonLine(
            code=f"R{n:05}",
            name=f"张{n}",
            unit=f"U{n // 100:03}",
            section=f"S{n // 10:04}",
            duty=Duty.HANDLER,
            effective_from=DAY,
        )
        for n in range(people)
    ]
    return {
        "units": [*units],
        "aliases": [],
        "sections": [*sections],
        "people": [*staff],
        "posts": [],
    }


@pytest.mark.long
async def test_the_register_of_a_city_is_imported_and_its_exports_are_nothing_to_change(
    door: httpx.AsyncClient,
) -> None:
    content = write_workbook(LAYOUT, city(PEOPLE))
    answer = await imported(door, content)
    assert answer.status_code == 200, answer.text[:500]
    for kind in ("xlsx", "yaml"):
        exported = await door.get("/register/export", params={"format": kind})
        told = await previewed(door, exported.content)
        assert told["lines"] == [], kind
        assert told["counts"]["unchanged"] == PEOPLE + PEOPLE // 10 + PEOPLE // 100, kind
    assert len(write_yaml(LAYOUT, city(50_000))) < LAYOUT.most_bytes
