"""What leaves quarantine: said again readably, read again, or discarded for a reason."""

import asyncio
import json
from datetime import timedelta

import pytest

from kernel.intake import quarantine
from kernel.intake.quarantine import KEEP, Unreadable
from kernel.store.store import read
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.doors import bus
from services.electronic_supervision.doors.entry import Outcome
from services.electronic_supervision.doors.settle import discard, resubmit
from services.electronic_supervision.doors.systems import CitySystem, admit
from tests.electronic_supervision.doors.desk import NOW, Desk, message, saying
from tests.electronic_supervision.live.said import accepted, raw, subject

AT = "2026-11-23 10:00"
POLICE = CitySystem(name="police", source="/wuhu/police")
WHO = {"by": "值班员", "role": "office", "unit": ""}


async def refusal(desk: Desk, name: str, reason: str = "") -> str:
    with pytest.raises(Refused) as told:
        await (
            discard(desk.connection, name, NOW, reason, by=WHO)
            if reason
            else resubmit(desk.connection, name, NOW, by=WHO)
        )
    return told.value.code


@pytest.mark.parametrize("order", ["bad first", "good first", "at once", "at once, good first"])
async def test_what_is_said_readably_too_is_released_in_whatever_order(
    desk: Desk, order: str
) -> None:
    said = accepted(AT)
    good, bad = saying(said), message(raw({**said, "time": "today"}), subject(said))
    told = [bad, good] if order in {"bad first", "at once"} else [good, bad]
    for batch in [told] if "once" in order else [[each] for each in told]:
        await desk.takes(*batch)
    held = await desk.held(bad)
    assert (held.settled, held.raw) == ("released", None)
    assert await desk.unread(held.noted_in) == set(), "the case is in doubt no more"


async def test_a_message_of_a_system_admitted_later_is_taken_in(desk: Desk) -> None:
    said = {**accepted(AT), "source": POLICE.source}
    early = message(raw(said), subject(said, POLICE.name))
    await desk.takes(early)
    name = quarantine.name_of(early)
    still = await resubmit(desk.connection, name, NOW, by=WHO)
    assert isinstance(still, Unreadable)
    assert still.code == "unknown-system"
    await admit(desk.connection, POLICE)
    outcome = await resubmit(desk.connection, name, NOW, by=WHO)
    assert isinstance(outcome, Outcome)
    assert (outcome.novelty, (await desk.held(early)).settled) == ("new", "released")
    assert await desk.told() == 1
    assert await desk.takes(early) == {"duplicate": 1}


async def test_a_message_that_still_cannot_be_read_leaves_in_doubt_the_case_it_is_of(
    desk: Desk,
) -> None:
    said = {**accepted(AT), "source": POLICE.source, "time": "today"}
    early = message(raw(said), subject(said, POLICE.name))
    await desk.takes(early)
    await admit(desk.connection, POLICE)
    name = quarantine.name_of(early)
    still = await resubmit(desk.connection, name, NOW, by=WHO)
    assert isinstance(still, Unreadable)
    held = await desk.held(early)
    assert (held.code, held.settled, held.raw) == ("schema-mismatch", None, early.data)
    assert await desk.unread(held.noted_in) == {name}
    assert held.source == POLICE.source
    await discard(desk.connection, name, NOW, "系统测试数据", by=WHO)
    assert await desk.unread(held.noted_in) == set()


async def test_a_discarded_message_puts_no_case_in_doubt_and_is_told_with_who_and_why(
    desk: Desk,
) -> None:
    bad = message(b"{", subject(accepted(AT)))
    await desk.takes(bad)
    held = await desk.held(bad)
    await discard(desk.connection, held.id, NOW, " 系统测试数据 ", by=WHO)
    assert await desk.unread(held.noted_in) == set()
    last = [event async for event in read(desk.connection)][-1]
    assert last.stream == held.noted_in
    assert json.loads(last.metadata) == {**WHO, "reason": "系统测试数据"}
    assert (await desk.held(bad)).raw is None
    await desk.takes(bad)
    assert (await desk.held(bad)).settled == "discarded", "told again, it stays discarded"
    assert await desk.unread(held.noted_in) == set()


async def test_what_cannot_be_decided_is_refused_with_a_code_and_changes_nothing(
    desk: Desk,
) -> None:
    bad = message(b"{", subject(accepted(AT)))
    await desk.takes(bad)
    name = quarantine.name_of(bad)
    assert await refusal(desk, "nothing") == "message-unknown"
    assert await refusal(desk, "nothing", "why") == "message-unknown"
    assert await refusal(desk, name, " ") == "reason-required"
    await quarantine.expire(desk.connection, NOW + KEEP + timedelta(seconds=1))
    assert await refusal(desk, name) == "message-expired"
    assert (await desk.held(bad)).settled is None
    await discard(desk.connection, name, NOW, "过期", by=WHO)
    assert await refusal(desk, name) == "message-settled"
    assert await refusal(desk, name, "again") == "message-settled"


async def test_expiry_forgets_the_bytes_and_nothing_else(desk: Desk) -> None:
    bad = message(b"\x00\xff", subject(accepted(AT)))
    await desk.takes(bad)
    before = await desk.held(bad)
    await quarantine.expire(desk.connection, NOW + KEEP)
    assert (await desk.held(bad)).raw == bad.data, "kept as long as was promised"
    await quarantine.expire(desk.connection, NOW + KEEP + timedelta(seconds=1))
    after = await desk.held(bad)
    assert after.raw is None
    assert (after.id, after.code, after.received_at) == (before.id, before.code, before.received_at)
    assert await desk.unread(after.noted_in) == {after.id}
    await desk.takes(bad)
    assert (await desk.held(bad)).raw == bad.data, "what comes again can be looked at again"


async def test_two_people_who_decide_at_once_decide_once(desk: Desk) -> None:
    said = {**accepted(AT), "source": POLICE.source}
    early = message(raw(said), subject(said, POLICE.name))
    await desk.takes(early)
    await admit(desk.connection, POLICE)
    name = quarantine.name_of(early)
    async with desk.another() as one, desk.another() as two, desk.another() as three:
        results = await asyncio.gather(
            resubmit(one, name, NOW, by={"by": "甲"}),
            resubmit(two, name, NOW, by={"by": "乙"}),
            bus.take(three, [early], NOW),
            return_exceptions=True,
        )
    odd = [each for each in results if isinstance(each, Exception)]
    assert [str(each) for each in odd if not isinstance(each, Refused)] == []
    assert await desk.told() == 1, "however many decide, the event is recorded once"
    assert (await desk.held(early)).settled == "released"
