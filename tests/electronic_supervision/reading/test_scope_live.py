"""What programs follow live is what they may know of at this moment, by unit and by alias."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from kernel.access.policy import Role
from kernel.web import stay
from kernel.web.access import digest_of
from tests.electronic_supervision.live.said import event
from tests.electronic_supervision.reading.conftest import (
    AT,
    HOUSING,
    OTHERS,
    TAX,
    Hall,
    card,
    somebody,
)

STREAM = "/judgements/stream"
SOON = 10
ALL, ALERTS = ("supervision.all",), ("supervision.alerts",)


@pytest.fixture
async def fed(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    """Return the hall while its feed follows the record; who follows is asked each time."""
    monkeypatch.setattr(stay, "ASK_SECONDS", 0.0)
    running = asyncio.create_task(hall.feed.run())
    yield hall
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


class Follower:
    """Somebody who follows the stream, and what he was told: numbers of cases by kind."""

    def __init__(self, answer: httpx.Response) -> None:
        self.told: list[tuple[str, str]] = []
        self.through = 0
        self._lines = answer.aiter_lines()

    async def hears_through(self, sequence: int) -> Sequence[tuple[str, str]]:
        """Return all he was told once everything through a publication was looked at."""
        async with asyncio.timeout(SOON):
            while self.through < sequence:
                await self._frame()
        return self.told

    async def ends(self) -> None:
        """Take what is still told, until nothing more comes."""
        async with asyncio.timeout(SOON):
            with suppress(StopAsyncIteration):
                while True:
                    await self._frame()

    async def _frame(self) -> None:
        through = self.through
        while line := await anext(self._lines):
            if line.startswith("id:"):
                through = int(line.removeprefix("id:"))
            if line.startswith("data:"):
                said = json.loads(line.removeprefix("data:"))
                kind = str(said["type"]).split(".")[2]
                self.told.append((str(said["data"]["case"]), kind))
        self.through = through


@asynccontextmanager
async def following(hall: Hall, token: str, **params: str) -> AsyncIterator[Follower]:
    headers = {"Authorization": f"Bearer {token}"}
    asked = {"after": "0", **params}
    async with hall.house.client.stream("GET", STREAM, params=asked, headers=headers) as answer:
        assert answer.status_code == 200
        yield Follower(answer)


async def last(hall: Hall) -> int:
    found: int = await hall.supervision.connection.fetchval("select max(sequence) from publication")
    return found


async def heard_by(hall: Hall, token: str, **params: str) -> set[str]:
    """Return the cases that a new follower is told of, of all that was said so far."""
    async with following(hall, token, **params) as follower:
        return {case for case, _ in await follower.hears_through(await last(hall))}


async def test_a_handler_and_a_subscriber_follow_their_units_only(fed: Hall) -> None:
    fed.lets_in("partner", somebody(Role.SUBSCRIBER, TAX, subscribes=ALL))
    await fed.hears(card("房1", HOUSING), card("税1", TAX))
    assert await heard_by(fed, "office") == {"房1", "税1"}
    assert await heard_by(fed, "housing") == {"房1"}
    assert await heard_by(fed, "tax") == {"税1"}
    assert await heard_by(fed, "partner") == {"税1"}


async def test_a_partner_follows_the_events_that_it_was_granted_and_no_others(fed: Hall) -> None:
    fed.lets_in("all", somebody(Role.SUBSCRIBER, subscribes=ALL))
    fed.lets_in("alerts", somebody(Role.SUBSCRIBER, subscribes=ALERTS))
    fed.lets_in("clocks", somebody(Role.SUBSCRIBER, subscribes=("supervision.clocks",)))
    await fed.hears(card("房1", HOUSING))
    granted = {}
    for token in ("all", "alerts", "clocks"):
        async with following(fed, token) as follower:
            granted[token] = {kind for _, kind in await follower.hears_through(await last(fed))}
    assert granted["all"] == granted["alerts"] | granted["clocks"]
    assert "deadline-breached" in granted["alerts"]
    assert granted["clocks"] == granted["all"] & {"clock-started", "clock-changed", "case-closed"}
    assert not granted["alerts"] & granted["clocks"]


@pytest.mark.parametrize("subscribes", [(), ("organisation.units",), ("organisation.all",)])
async def test_who_was_granted_no_judgements_follows_none(
    fed: Hall, subscribes: tuple[str, ...]
) -> None:
    fed.lets_in("register", somebody(Role.SUBSCRIBER, subscribes=subscribes))
    headers = {"Authorization": "Bearer register"}
    answer = await fed.house.client.get(STREAM, headers=headers)
    assert answer.status_code == 403


async def test_a_unit_asked_for_narrows_and_never_widens(fed: Hall) -> None:
    await fed.hears(card("房1", HOUSING), card("税1", TAX))
    assert await heard_by(fed, "office", unit=TAX) == {"税1"}
    assert await heard_by(fed, "housing", unit=TAX) == set()
    assert await heard_by(fed, "housing", unit=HOUSING) == {"房1"}


async def test_a_unit_is_followed_by_whatever_code_a_source_calls_it(fed: Hall) -> None:
    await fed.names(OTHERS.source, "旧代码", HOUSING)
    await fed.hears(card("旧1", "旧代码", OTHERS), card("旧2", "旧代码"))
    assert await heard_by(fed, "housing") == {"旧1"}
    assert await heard_by(fed, "office", unit=HOUSING) == {"旧1"}


async def test_an_alias_added_while_somebody_follows_counts_from_then_on(fed: Hall) -> None:
    async with following(fed, "housing") as follower:
        await fed.hears(card("旧1", "旧代码", OTHERS))
        assert await follower.hears_through(await last(fed)) == []
        await fed.names(OTHERS.source, "旧代码", HOUSING)
        await fed.hears(card("旧2", "旧代码", OTHERS))
        assert {case for case, _ in await follower.hears_through(await last(fed))} == {"旧2"}


async def test_units_granted_or_taken_while_somebody_follows_count_from_then_on(fed: Hall) -> None:
    async with following(fed, "housing") as follower:
        fed.holders[digest_of("housing")] = somebody(Role.HANDLER, TAX)
        await fed.hears(card("房1", HOUSING), card("税1", TAX))
        assert {case for case, _ in await follower.hears_through(await last(fed))} == {"税1"}
        fed.turns_out("housing")
        await fed.hears(card("税2", TAX))
        await follower.ends()
        assert {case for case, _ in follower.told} == {"税1"}


async def test_who_was_told_of_a_card_is_told_when_it_falls_though_the_case_is_anothers(
    fed: Hall,
) -> None:
    await fed.hears(card("转1", HOUSING))
    await fed.hears(event("case-transferred", AT, "转1", unit=HOUSING, to_unit=TAX))
    withdrawn = event("case-withdrawn", AT, "转1", unit=TAX, by="applicant")
    await fed.hears(withdrawn)
    fell = {("转1", "judgement-superseded")}
    for token in ("housing", "tax"):
        async with following(fed, token) as follower:
            told = set(await follower.hears_through(await last(fed)))
        assert fell <= told, f"{token} is not told that the card fell"
