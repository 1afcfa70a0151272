"""A unit that the register does not know is named, and nothing of it is lost until it is known."""

import re

import pytest

from kernel.access.policy import Role
from services.electronic_supervision.reading.unknown_units import UnknownUnit, unknown_units
from services.electronic_supervision.reading.unregistered import unregistered
from tests.electronic_supervision.live.said import APPROVALS, decided
from tests.electronic_supervision.reading.conftest import (
    AT,
    HOUSING,
    NAMES,
    OTHERS,
    TAX,
    Hall,
    card,
    somebody,
)

LINK = "/console/register/aliases?source=%2Fwuhu%2Fothers&amp;code=%E6%97%A7%E4%BB%A3%E7%A0%81"
LIST = "名册以外的单位代码"


async def unknown(hall: Hall) -> list[tuple[str, str, int]]:
    found = await unknown_units(hall.supervision.connection)
    return [(each.source, each.code, each.open) for each in found]


async def test_codes_out_of_the_register_are_listed_with_their_open_cases(hall: Hall) -> None:
    await hall.hears(
        card("旧1", "旧代码", OTHERS),
        card("旧2", "旧代码", OTHERS),
        card("旧3", "旧代码"),
        card("知1", HOUSING),
        card("知2", TAX, OTHERS),
    )
    await hall.hears(decided(AT, "旧3", unit="旧代码"))
    assert await unknown(hall) == [(OTHERS.source, "旧代码", 2), (APPROVALS.source, "旧代码", 0)]
    first: UnknownUnit = (await unknown_units(hall.supervision.connection))[0]
    assert first.system == OTHERS.title
    assert first.since is not None
    assert first.heard_at is not None


async def test_an_alias_to_a_unit_that_is_not_registered_leaves_a_code_unknown(hall: Hall) -> None:
    await hall.hears(card("旧1", "旧代码", OTHERS))
    await hall.names(OTHERS.source, "旧代码", "还没有的单位")
    assert await unknown(hall) == [(OTHERS.source, "旧代码", 1)]


async def test_who_keeps_the_register_is_led_there_and_who_may_only_look_is_not(hall: Hall) -> None:
    await hall.hears(card("旧1", "旧代码", OTHERS))
    hall.lets_in("auditor", somebody(Role.AUDITOR))
    for path in ("/console/sources", "/console/sources/unknown-units"):
        assert LINK in await asked(hall, "office", path)
        seen = await asked(hall, "auditor", path)
        assert LIST in seen
        assert "/console/register/aliases" not in seen
    whole = await hall.asks("office", "/console/sources/unknown-units")
    assert (whole.status_code, whole.headers["location"]) == (303, "/console/sources#unknown-units")
    assert (await hall.asks("housing", "/console/sources/unknown-units")).status_code == 403


async def asked(hall: Hall, token: str, path: str) -> str:
    """Return a page, or what a page asks of itself."""
    part = {"HX-Request-Type": "partial"} if path.endswith("unknown-units") else {}
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/html", **part}
    return (await hall.house.client.get(path, headers=headers)).text


async def test_the_list_is_gone_once_all_units_are_known(hall: Hall) -> None:
    assert LIST not in await hall.page("office", "/console/sources")
    await hall.hears(card("旧1", "旧代码", OTHERS))
    assert LIST in await hall.page("office", "/console/sources")
    await hall.names(OTHERS.source, "旧代码", HOUSING)
    assert LIST not in await hall.page("office", "/console/sources")


@pytest.mark.parametrize(
    "path", ["/console", "/console/alerts", "/console/alerts?view=table", "/console/cases", "case"]
)
async def test_a_quiet_mark_stands_beside_a_code_that_is_not_registered(
    hall: Hall, path: str
) -> None:
    await hall.hears(card("旧1", "旧代码", OTHERS))
    if path == "case":
        path = f"/console/cases/{await hall.id_of('旧1')}"
    assert re.search("旧代码<span[^>]*>未登记</span>", await hall.page("office", path))
    await hall.names(OTHERS.source, "旧代码", HOUSING)
    known = await hall.page("office", path)
    assert "未登记" not in known
    assert NAMES[HOUSING] in known


async def test_a_card_of_an_unknown_unit_is_the_units_once_its_code_is_known(hall: Hall) -> None:
    await hall.hears(card("旧1", "旧代码", OTHERS), card("知1", HOUSING))
    case = await hall.id_of("旧1")
    before = (await hall.asks("office", f"/cases/{case}/judgements")).json()
    line = (await hall.asks("office", f"/cases/{case}/timeline")).json()
    assert "红牌</span> <b>1</b>" in await hall.page("housing", "/console")
    await hall.names(OTHERS.source, "旧代码", HOUSING)
    assert "红牌</span> <b>2</b>" in await hall.page("housing", "/console")
    assert "红牌</span> <b>2</b>" in await hall.page("office", "/console")
    assert (await hall.asks("housing", f"/cases/{case}/judgements")).json() == before
    assert (await hall.asks("housing", f"/cases/{case}/timeline")).json() == line
    assert await hall.sees("housing", unit=HOUSING) == ["旧1", "知1"]


async def test_rights_for_a_unit_that_only_an_alias_names_are_rights_to_nothing(hall: Hall) -> None:
    await hall.names(OTHERS.source, "旧代码", HOUSING)
    asked = (HOUSING, TAX, "旧代码", "还没有的单位")
    found = await unregistered(hall.supervision.connection, asked)
    assert found == ["旧代码", "还没有的单位"]
