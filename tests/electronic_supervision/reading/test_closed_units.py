"""A closed unit keeps its cases; whoever reads them is told of its end, and who took over."""

from datetime import date

import pytest

from contracts.organisation import UnitClosed
from services.electronic_supervision.doors.units import CLOSE
from tests.electronic_supervision.reading.conftest import HOUSING, NAMES, TAX, Hall, card

NUMBER = "撤销前的办件"
LONG_AGO, TO_COME = date(2026, 6, 1), date(2999, 1, 1)
PLACES = ("/console/alerts?view=cards", "/console/alerts?view=table", "/console/cases", "/console")


async def closes(hall: Hall, said: UnitClosed) -> None:
    values = (said.unit, said.effective_from, said.successor)
    await hall.supervision.connection.execute(CLOSE, *values)


@pytest.fixture
async def late(hall: Hall) -> Hall:
    """Return a city in which a case of housing has a red card."""
    await hall.hears(card(NUMBER, HOUSING))
    return hall


async def pages(hall: Hall) -> dict[str, str]:
    """Return all places at which the unit of the case is named."""
    case = await hall.id_of(NUMBER)
    places = [*PLACES, f"/console/cases/{case}", f"/console/cases/{case}/brief"]
    return {place: await hall.page("office", place) for place in places}


async def test_it_is_said_wherever_its_cases_are_that_a_unit_is_closed_and_who_took_over(
    late: Hall,
) -> None:
    await closes(late, UnitClosed(unit=HOUSING, effective_from=LONG_AGO, successor=TAX))
    silent = [at for at, page in (await pages(late)).items() if "由市税务局承接" not in page]
    assert silent == [], "nobody is told who answers for the case now"
    assert NAMES[HOUSING] in (await pages(late))["/console/cases"], "it keeps the unit it had"


async def test_a_unit_closed_without_a_successor_is_called_closed(late: Hall) -> None:
    await closes(late, UnitClosed(unit=HOUSING, effective_from=LONG_AGO))
    for at, page in (await pages(late)).items():
        assert "已撤销" in page, at
        assert "承接" not in page, at


async def test_a_unit_goes_on_until_its_last_day(late: Hall) -> None:
    await closes(late, UnitClosed(unit=HOUSING, effective_from=TO_COME, successor=TAX))
    assert [at for at, page in (await pages(late)).items() if "已撤销" in page] == []


async def test_a_successor_that_the_register_does_not_name_is_told_by_its_code(late: Hall) -> None:
    await closes(late, UnitClosed(unit=HOUSING, effective_from=LONG_AGO, successor="340200-new"))
    assert "由340200-new承接" in (await pages(late))["/console/cases"]
