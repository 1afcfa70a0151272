"""Whoever alters a record, cuts it or writes it anew is found out."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.verify.verify import Finding, verify
from kernel.relay.epoch import open_epoch
from kernel.store.chain import Break
from kernel.store.events import NewEvent
from kernel.store.heads import noted
from kernel.store.store import append
from services.evaluation.tenancy import TENANCY as EVALUATION
from tests.deploy.conftest import House
from tests.deploy.record import NOW, close_unit, close_units

LATER = datetime(2026, 11, 24, 9, tzinfo=UTC)


async def look(house: House, heads: Path) -> Finding:
    return await verify(house.postgres_url, EVALUATION, heads, NOW)


async def filled(house: House, number: int = 5) -> None:
    async with house.database(EVALUATION) as record:
        await close_units(record, number)


async def tamper(house: House, *statements: str) -> None:
    """Do what only somebody with the administrator's password can do."""
    async with house.database(schema="evaluation") as record:
        await record.execute("set session_replication_role = replica")
        for statement in statements:
            await record.execute(statement)


async def test_a_clean_record_passes_and_its_head_is_noted_once(
    provisioned: House, tmp_path: Path
) -> None:
    await filled(provisioned)
    found = await look(provisioned, tmp_path)
    assert (found.breaks, found.publications) == ([], 5)
    assert found.head is not None
    assert found.head.position == 5
    assert await look(provisioned, tmp_path) == replace(found, compared=1)
    assert [each.head for each in noted(tmp_path, "evaluation")] == [found.head]
    async with provisioned.database(EVALUATION) as record:
        await close_unit(record, "another")
    assert (await look(provisioned, tmp_path)).breaks == []
    assert [each.head.position for each in noted(tmp_path, "evaluation")] == [5, 6]


async def test_an_empty_record_is_well(provisioned: House, tmp_path: Path) -> None:
    found = await look(provisioned, tmp_path)
    assert (found.head, found.breaks) == (None, [])
    assert noted(tmp_path, "evaluation") == []


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("update event set data = '{}' where position = 2", Break(position=2, what="altered")),
        ("delete from event where position = 3", Break(position=3, what="missing")),
        ("delete from event where position > 3", Break(position=5, what="cut")),
        ("truncate event cascade", Break(position=5, what="cut")),
        (
            "delete from publication where sequence = 2",
            Break(position=2, what="publication-missing"),
        ),
        (
            "update publication set body = 'x' where sequence = 4",
            Break(position=4, what="publication-altered"),
        ),
        (
            "update publication set body = replace(body, '0001', '0009') where sequence = 1",
            Break(position=1, what="publication-altered"),
        ),
        (
            "update publication set body = replace(body, '/xiaoneng/', '/else/')",
            Break(position=5, what="publication-altered"),
        ),
        (
            "update publication set position = 99 where sequence = 3",
            Break(position=3, what="publication-altered"),
        ),
        (
            "update relay_cursor set sequence = 5; delete from publication where sequence = 5",
            Break(position=5, what="publication-missing"),
        ),
    ],
)
async def test_tampering_is_found_where_it_was_done_and_nothing_is_noted(
    provisioned: House, tmp_path: Path, tampering: str, found: Break
) -> None:
    await filled(provisioned)
    await look(provisioned, tmp_path)
    await tamper(provisioned, *tampering.split("; "))
    assert found in (await look(provisioned, tmp_path)).breaks
    assert len(noted(tmp_path, "evaluation")) == 1


async def rewrite(house: House, number: int) -> None:
    """Write the whole record anew, with a chain that fits."""
    await tamper(house, "truncate event, publication, command_key")
    async with house.database(schema="evaluation") as record:
        for each in range(number):
            event = NewEvent(stream="forged", id=str(each), type="Forged", data="{}")
            await append(record, [event], LATER)


async def test_a_chain_written_anew_is_found_by_the_heads_alone(
    provisioned: House, tmp_path: Path
) -> None:
    await filled(provisioned)
    await look(provisioned, tmp_path)
    await rewrite(provisioned, 8)
    assert (await look(provisioned, tmp_path / "none")).breaks == [], "the chain fits"
    assert (await look(provisioned, tmp_path)).breaks == [Break(position=5, what="cut")]


async def test_a_tail_cut_is_found_by_the_heads_alone(provisioned: House, tmp_path: Path) -> None:
    await filled(provisioned)
    await look(provisioned, tmp_path)
    await tamper(
        provisioned,
        "delete from event where position = 5",
        "delete from publication where position = 5",
    )
    assert (await look(provisioned, tmp_path / "none")).breaks == [], "the chain fits"
    assert (await look(provisioned, tmp_path)).breaks == [Break(position=5, what="cut")]


async def test_publications_count_anew_in_each_epoch(provisioned: House, tmp_path: Path) -> None:
    await filled(provisioned, 2)
    async with provisioned.database(schema="evaluation") as record:
        assert await open_epoch(record) == 2
        await close_unit(record, "afterwards", epoch=2)
    assert (await look(provisioned, tmp_path)).breaks == []
    await tamper(provisioned, "delete from epoch where number = 2")
    assert (await look(provisioned, tmp_path)).breaks == [
        Break(position=3, what="publication-altered")
    ]


async def test_a_large_record_is_read_in_pieces(provisioned: House, tmp_path: Path) -> None:
    filed = NewEvent(stream="s", id="", type="Filed", data='{"about": "噪音"}')
    async with provisioned.database(EVALUATION) as record:
        for start in range(0, 3000, 1000):
            events = [replace(filed, id=str(start + each)) for each in range(1000)]
            await append(record, events, NOW)
    found = await look(provisioned, tmp_path)
    assert found.breaks == []
    assert found.head is not None
    assert found.head.position == 3000


async def test_a_service_can_be_verified_while_it_writes(
    provisioned: House, tmp_path: Path
) -> None:
    await filled(provisioned, 200)
    async with provisioned.database(EVALUATION) as record:
        for each in range(20):
            await close_unit(record, f"meanwhile-{each}")
            if each % 5 == 0:
                assert (await look(provisioned, tmp_path)).breaks == []


async def test_a_schema_that_is_not_there_is_no_clean_record(house: House, tmp_path: Path) -> None:
    assert not (await look(house, tmp_path)).is_there
