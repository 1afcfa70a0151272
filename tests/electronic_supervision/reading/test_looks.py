"""Every look at a message in quarantine, and every decision about one, says who it was as what."""

import json

import httpx
import pytest

from kernel.access.policy import Role
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.loop.rebuild import rebuild
from tests.console.quarantined import put
from tests.electronic_supervision.live.said import APPROVALS, decided
from tests.electronic_supervision.reading.conftest import AT, HOUSING, Hall, card, somebody

LOOKS = """
select stream, data, metadata from event where type = 'RestrictedLooked' order by position
"""
SETTLED = "select metadata from event where type = 'MessageSettled' order by position"


async def held(hall: Hall, number: str = "坏1") -> str:
    """Put a message in quarantine, and return its id."""
    return await put(hall.supervision.connection, decided(AT, number))


async def looks(hall: Hall) -> list[tuple[str, str, str]]:
    """Return which messages were looked at, by whom and in which role."""
    rows = await hall.supervision.connection.fetch(LOOKS)
    told = [(json.loads(row["data"]), json.loads(row["metadata"])) for row in rows]
    return [(data["id"], about["by"], about["role"]) for data, about in told]


@pytest.mark.parametrize("part", [{}, {"HX-Request-Type": "partial"}])
async def test_a_look_at_a_held_message_is_on_the_record(hall: Hall, part: dict[str, str]) -> None:
    hall.lets_in("auditor", somebody(Role.AUDITOR))
    message = await held(hall)
    for token in ("auditor", "office"):
        headers = {"Authorization": f"Bearer {token}", "Accept": "text/html", **part}
        path = f"/console/quarantine/{message}"
        assert (await hall.house.client.get(path, headers=headers)).status_code == 200
    assert await looks(hall) == [(message, "auditor", "auditor"), (message, "office", "office")]


async def test_who_may_not_look_and_what_is_not_there_leave_no_look(hall: Hall) -> None:
    message = await held(hall)
    assert (await hall.asks("housing", f"/console/quarantine/{message}")).status_code == 403
    assert (await hall.asks("office", "/console/quarantine/nothing")).status_code == 404
    assert await looks(hall) == []


async def test_nothing_is_shown_while_looks_can_not_be_recorded(hall: Hall) -> None:
    message = await held(hall)
    await hall.supervision.connection.execute("alter table event rename to event_away")
    answer = await hall.asks("office", f"/console/quarantine/{message}")
    await hall.supervision.connection.execute("alter table event_away rename to event")
    assert answer.status_code >= 500
    assert message not in answer.text


async def test_looks_are_no_cases_to_the_loop_and_to_a_rebuild(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    message = await held(hall)
    await hall.page("office", f"/console/quarantine/{message}")
    await hall.hears(card("房1", HOUSING))
    assert await hall.sees("office") == ["房1"]
    connection = hall.supervision.connection
    await connection.execute("delete from lease")
    court = Court(law=stated_law(hall.supervision.office), settle={})
    await rebuild(connection, court, ("CITY",), "rebuilder")
    assert await hall.sees("office") == ["房1"]
    assert not [each for each in caplog.records if each.levelname == "ERROR"]
    (stream,) = {row["stream"] for row in await connection.fetch(LOOKS)}
    assert (await hall.asks("office", f"/cases/{stream}")).status_code == 404


async def test_the_record_keeps_in_which_role_a_message_was_settled(hall: Hall) -> None:
    read, page = await held(hall, "坏1"), await held(hall, "坏2")
    client, headers = hall.house.client, {"Authorization": "Bearer office"}
    answers: list[httpx.Response] = [
        await client.post(f"/quarantine/{read}/discard", json={"reason": "误发"}, headers=headers),
        await client.post(
            f"/console/quarantine/{page}/discard", data={"reason": "误发"}, headers=headers
        ),
    ]
    assert [each.status_code for each in answers] == [200, 303]
    for row in await hall.supervision.connection.fetch(SETTLED):
        assert json.loads(row["metadata"]) == {
            "by": "office",
            "role": "office",
            "unit": "",
            "reason": "误发",
        }


async def test_who_may_only_look_is_offered_nothing_to_settle(hall: Hall) -> None:
    hall.lets_in("auditor", somebody(Role.AUDITOR))
    message = await held(hall)
    for path in ("/console/sources", f"/console/quarantine/{message}"):
        page = await hall.page("auditor", path)
        assert "/resubmit" not in page, path
        assert "/discard" not in page, path
        assert "/resubmit" in await hall.page("office", path), path
    assert APPROVALS.name in await hall.page("auditor", "/console/sources")


async def test_a_case_leads_to_its_unread_messages_those_only_who_may_look(hall: Hall) -> None:
    await hall.hears(card("房1", HOUSING))
    await hall.hears(decided(AT, "房1", unit=HOUSING) | {"time": "today"})
    case = await hall.id_of("房1")
    for path in (f"/console/cases/{case}", f"/console/cases/{case}/brief"):
        own = await hall.page("housing", path)
        assert "条消息无法读取" in own, path
        assert "/console/quarantine/" not in own, path
        assert "/console/quarantine/" in await hall.page("office", path), path
