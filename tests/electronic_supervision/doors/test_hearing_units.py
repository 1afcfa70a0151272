"""Units are taken from our own source strictly in order, whatever the delivery."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.organisation import (
    Alias,
    AliasAdded,
    AliasRemoved,
    SectionOpened,
    UnitClosed,
    UnitGroup,
    UnitRegistered,
    UnitRegrouped,
    UnitRenamed,
)
from contracts.wire import compose, write
from kernel.database import open_pool
from kernel.intake.heard import Message
from kernel.store.migrate import migrations
from services.electronic_supervision.doors.hearing_units import (
    epoch_of,
    own_stream_is_readable,
    take_units,
)
from tests.electronic_supervision.doors.desk import Desk

SOURCE = "/xiaoneng/evaluation"
MIGRATIONS = "services.electronic_supervision.migrations"
STREAM = "ORGANISATION"
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
DAY = date(2026, 1, 1)
A_DAY = timedelta(days=1)
LATER = date(2999, 1, 1)
TODAY = "local_day() returns date language sql stable as $$ select date '%s' $$"
Said = (
    UnitRegistered
    | UnitRenamed
    | UnitRegrouped
    | UnitClosed
    | AliasAdded
    | AliasRemoved
    | SectionOpened
)


def registered(unit: str, name: str, *aliases: str) -> UnitRegistered:
    told = tuple(Alias(source="/wuhu/administrative-approval", code=each) for each in aliases)
    group = UnitGroup.GOVERNMENT
    return UnitRegistered(unit=unit, name=name, group=group, aliases=told, effective_from=DAY)


def renamed(unit: str, name: str, day: date = DAY) -> UnitRenamed:
    return UnitRenamed(unit=unit, name=name, effective_from=day)


def told(*said: Said, epoch: int = 1, first: int = 1) -> list[Message]:
    """Return what the stream brings when evaluation says such things, its first one at `first`."""
    source = SOURCE if epoch == 1 else f"{SOURCE}/epoch-{epoch}"
    return [
        Message(
            stream=STREAM,
            subject="xiaoneng.organisation.unit.v1.u.k",
            data=write(
                compose(
                    data,
                    event_id=f"{epoch}-{sequence}",
                    source=source,
                    subject=data.unit,
                    time=NOW,
                    recordedtime=NOW,
                    sequence=sequence,
                    partitionkey=data.unit,
                    correlationid=data.unit,
                )
            ),
            number=100 * epoch + sequence,
            sent_at=NOW,
        )
        for sequence, data in enumerate(said, first)
    ]


STORY = told(
    registered("u1", "建委", "a1", "a2"),
    registered("u2", "规划局"),
    renamed("u1", "住建委"),
    renamed("u1", "住建局"),
    UnitClosed(unit="u2", effective_from=DAY),
    registered("u3", "自然资源局", "a3"),
)
END = (
    [("u1", "住建局", None), ("u2", "规划局", DAY), ("u3", "自然资源局", None)],
    [("a1", "u1"), ("a2", "u1"), ("a3", "u3")],
)


async def takes(desk: Desk, messages: Sequence[Message]) -> list[Message]:
    return list(await take_units(desk.connection, messages, SOURCE))


async def units(desk: Desk) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    rows = await desk.connection.fetch("select code, name, closed_from from unit order by code")
    aliases = await desk.connection.fetch("select code, unit from unit_alias order by code")
    return [tuple(row) for row in rows], [tuple(row) for row in aliases]


async def test_units_are_known_once_they_are_told(desk: Desk) -> None:
    assert await takes(desk, STORY) == []
    assert await units(desk) == END


@pytest.mark.parametrize("seed", range(20))
async def test_any_delivery_that_brings_again_what_came_early_gives_the_same_units(
    desk: Desk, seed: int
) -> None:
    chance = random.Random(seed)
    waiting = [*STORY, *chance.choices(STORY, k=4)]
    while waiting:
        chance.shuffle(waiting)
        size = chance.randint(1, 4)
        waiting = [*await takes(desk, waiting[:size]), *waiting[size:]]
    assert await units(desk) == END


async def successors(desk: Desk) -> dict[str, str | None]:
    rows = await desk.connection.fetch("select code, successor from closed_unit")
    return {row["code"]: row["successor"] for row in rows}


async def test_who_took_over_from_a_closed_unit_is_known_by_name(desk: Desk) -> None:
    heir, gone = (
        registered("u2", "资规局"),
        UnitClosed(unit="u1", effective_from=DAY, successor="u2"),
    )
    await takes(desk, told(registered("u1", "规划局"), heir, gone, renamed("u2", "自然资源局")))
    assert await successors(desk) == {"u1": "自然资源局"}


async def test_a_unit_registered_again_is_no_longer_closed(desk: Desk) -> None:
    gone = UnitClosed(unit="u1", effective_from=DAY, successor="u2")
    await takes(desk, told(registered("u1", "规划局"), gone, registered("u1", "规划局")))
    assert await successors(desk) == {}


async def test_units_are_heard_again_to_learn_who_took_over_before_that_was_kept(
    desk: Desk,
) -> None:
    gone = UnitClosed(unit="u1", effective_from=DAY, successor="u2")
    all_ = told(registered("u1", "规划局"), registered("u2", "资规局"), gone)
    await takes(desk, all_)
    await desk.connection.execute("update unit_told set successor = null")
    (text,) = [each.sql for each in migrations(MIGRATIONS) if each.name.startswith("0021_")]
    await desk.connection.execute(text[text.index("update source_sequence") :])
    kept = await desk.connection.fetchval("select stream_sequence from checkpoint")
    assert kept is None, "provisioning begins the consumer anew"
    assert await takes(desk, all_) == []
    assert await successors(desk) == {"u1": "资规局"}


async def called(desk: Desk, day: date) -> str:
    """Return what the first unit is called when it is another day."""
    await desk.connection.execute(f"create or replace function {TODAY % day}")
    (name,), *_ = await desk.connection.fetch("select name from unit order by code")
    return str(name)


async def test_a_unit_is_called_on_each_day_what_it_is_called_from_that_day_on(desk: Desk) -> None:
    told_of = renamed("u1", "后年", LATER + 2 * A_DAY), renamed("u1", "明年", LATER)
    await takes(desk, told(registered("u1", "建委"), *told_of))
    assert (await units(desk))[0] == [("u1", "建委", None)], "a name to come is shown today"
    days = [LATER - A_DAY, LATER, LATER + A_DAY, LATER + 2 * A_DAY]
    assert [await called(desk, day) for day in days] == ["建委", "明年", "明年", "后年"]


async def test_a_name_to_come_is_forgotten_when_the_unit_is_told_anew(desk: Desk) -> None:
    await takes(desk, told(registered("u1", "建委"), renamed("u1", "明年", LATER)))
    await takes(desk, told(registered("u1", "住建局"), epoch=2))
    assert await called(desk, LATER) == "住建局"


async def test_a_unit_told_of_before_days_were_kept_is_called_as_ever(desk: Desk) -> None:
    await desk.connection.execute("insert into unit_told (code, name) values ('u1', '建委')")
    await takes(desk, told(renamed("u1", "明年", LATER)))
    assert await called(desk, LATER - A_DAY) == "建委"
    assert await called(desk, LATER) == "明年"


async def test_what_comes_too_early_changes_nothing_and_is_wanted_later(desk: Desk) -> None:
    early = STORY[1:]
    assert await takes(desk, early) == early
    assert await units(desk) == ([], [])


async def test_a_stream_filled_again_is_skipped(desk: Desk) -> None:
    await takes(desk, STORY)
    await desk.connection.execute("update unit_told set name = 'as it is'")
    await desk.connection.execute("delete from unit_day")
    assert await takes(desk, STORY) == []
    rows, _ = await units(desk)
    assert {row[1] for row in rows} == {"as it is"}, "what was taken is not done again"


async def test_the_place_and_the_units_are_written_together_or_not_at_all(desk: Desk) -> None:
    await desk.connection.execute("alter table unit_told add check (name <> '住建局')")
    with pytest.raises(Exception, match="check"):
        await takes(desk, STORY)
    assert await units(desk) == ([], [])
    await desk.connection.execute("alter table unit_told drop constraint unit_told_name_check")
    assert await takes(desk, STORY) == []
    assert await units(desk) == END


async def test_a_new_epoch_counts_from_one_and_silences_the_older_one(desk: Desk) -> None:
    await takes(desk, STORY)
    second = told(renamed("u1", "住房局"), epoch=2)
    assert await takes(desk, second) == []
    assert await takes(desk, told(renamed("u1", "disowned"), first=7)) == []
    rows, _ = await units(desk)
    assert rows[0][1] == "住房局"


async def test_a_new_epoch_waits_for_its_own_beginning(desk: Desk) -> None:
    await takes(desk, STORY)
    early = told(renamed("u1", "早"), epoch=2, first=2)
    assert await takes(desk, early) == early
    assert await takes(desk, told(renamed("u1", "住房局"), first=7)) == []
    assert (await units(desk))[0][0][1] == "住房局", "until then the older epoch speaks"


async def test_both_epochs_in_one_delivery_are_taken_one_after_the_other(desk: Desk) -> None:
    second = told(renamed("u1", "住房局"), epoch=2)
    assert await takes(desk, [*second, *STORY]) == []
    assert (await units(desk))[0][0] == ("u1", "住房局", None)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "malformed-json"),
        (STORY[0].data.replace(b"/xiaoneng/evaluation", b"/xiaoneng/hall"), "foreign-source"),
        (b'{"type":"xiaoneng.organisation.unit-merged.v1"}', "unknown-type"),
    ],
)
async def test_what_cannot_be_read_is_wanted_again_and_the_operator_is_told(
    desk: Desk, data: bytes, code: str
) -> None:
    pool = await open_pool(desk.url, desk.settings["search_path"], size=1)
    check = own_stream_is_readable(pool, STREAM)
    assert not await check()
    bad = Message(stream=STREAM, subject="s", data=data, number=2, sent_at=NOW)
    assert await takes(desk, [STORY[0], bad, *STORY[2:]]) == [bad, *STORY[2:]]
    (problem,) = await check()
    assert problem.code == "own-stream-unreadable"
    assert code in problem.message
    old = "update unreadable_own set came_at = came_at - interval '1 minute'"
    await desk.connection.execute(old)
    assert not await check(), "once it comes no more, it is in nobody's way"
    await pool.close()


@given(st.integers(min_value=2, max_value=10**30))
def test_an_epoch_is_known_by_its_name(number: int) -> None:
    assert epoch_of(f"{SOURCE}/epoch-{number}", SOURCE) == number


@pytest.mark.parametrize("rest", ["/epoch-1", "/epoch-02", "/epoch-", "/epoch-x", "/epoch-²", "x"])
def test_nothing_else_is_an_epoch(rest: str) -> None:
    assert epoch_of(SOURCE + rest, SOURCE) is None
    assert epoch_of(SOURCE, SOURCE) == 1


def alias(code: str) -> Alias:
    return Alias(source="/wuhu/administrative-approval", code=code)


async def test_a_code_means_the_unit_to_which_it_was_given_last(desk: Desk) -> None:
    story = told(
        registered("u1", "建委", "a1"),
        registered("u2", "规划局"),
        AliasAdded(unit="u1", alias=alias("a2")),
        AliasRemoved(unit="u1", alias=alias("a1")),
        AliasAdded(unit="u2", alias=alias("a1")),
    )
    await takes(desk, story)
    assert (await units(desk))[1] == [("a1", "u2"), ("a2", "u1")]


async def test_a_code_that_another_unit_was_given_since_is_not_taken_from_it(desk: Desk) -> None:
    story = told(
        registered("u1", "建委", "a1"),
        UnitClosed(unit="u1", effective_from=DAY),
        registered("u2", "规划局", "a1"),
        AliasRemoved(unit="u1", alias=alias("a1")),
    )
    await takes(desk, story)
    assert (await units(desk))[1] == [("a1", "u2")]


async def test_what_says_nothing_of_names_and_codes_changes_nothing(desk: Desk) -> None:
    story = told(
        registered("u1", "建委", "a1"),
        UnitRegrouped(unit="u1", group=UnitGroup.STATIONED, effective_from=DAY),
        SectionOpened(section="k1", unit="u1", name="审批科", effective_from=DAY),
        renamed("u1", "住建局"),
    )
    assert await takes(desk, story) == []
    assert await units(desk) == ([("u1", "住建局", None)], [("a1", "u1")])
