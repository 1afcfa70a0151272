"""A document about the registers: tried out, imported as a whole, exported again."""

from collections.abc import Callable

import asyncpg
import pytest

from kernel.document.outcome import Fate, Preview
from kernel.document.raw import BadDocumentError
from kernel.document.write import write_workbook, write_yaml
from services.electronic_supervision.registers.document.importing import IMPORTER
from services.electronic_supervision.registers.document.layout import LAYOUT
from services.electronic_supervision.registers.document.remarks import noticed_in
from services.electronic_supervision.registers.document.told import sheets
from services.electronic_supervision.registers.load import all_states, load_registers
from tests.electronic_supervision.domain.registers.city import MILL, YARD
from tests.electronic_supervision.registers.papers import ACTING, NOW, city
from tests.electronic_supervision.registers.test_keep import DECEMBER, JANUARY, JUNE, take_in

SHIPYARD_SINCE = "since: 2012-02-01"


async def preview(connection: asyncpg.Connection, content: bytes) -> Preview:
    return await IMPORTER.preview(connection, content, now=NOW, acting=ACTING)


async def fates(connection: asyncpg.Connection, content: bytes) -> dict[str, int]:
    counts = (await preview(connection, content)).counts
    return {fate.value: count for fate, count in counts.items() if count}


async def refusals(connection: asyncpg.Connection, content: bytes) -> list[tuple[str, str]]:
    outcomes = (await preview(connection, content)).outcomes
    return [(each.reason, each.field) for each in outcomes if each.fate is Fate.REFUSED]


async def test_a_document_fills_empty_registers(connection: asyncpg.Connection) -> None:
    assert await fates(connection, city()) == {"new": 9}
    assert await connection.fetchval("select count(*) from event") == 0, "a preview wrote"
    await take_in(connection, city())
    registers = await load_registers(connection)
    assert registers.holds(MILL, JUNE)
    assert not registers.holds(YARD, JUNE)
    assert registers.quota("WHAJJ", YARD, 2012) == 4
    assert registers.quota("WHAJJ", MILL, 2012) == 1
    approval = registers.approval("芜优检〔2012〕7号")
    assert approval is not None
    assert approval.covers(YARD, JUNE)
    band = registers.band("AY01", "严重", JUNE)
    assert band is not None
    assert (band.least, band.most) == (1_000_000, 5_000_050)
    chain = registers.chain("ZS", JUNE)
    assert chain is not None
    assert [each.name for each in chain.stages] == ["签约", "注册登记"]


@pytest.mark.parametrize("write", [write_yaml, write_workbook])
async def test_what_is_exported_imports_as_nothing_to_change(
    connection: asyncpg.Connection, write: Callable[..., bytes]
) -> None:
    await take_in(connection, city())
    lines = sheets(await all_states(connection))
    told = await preview(connection, write(LAYOUT, lines))
    assert [each for each in told.outcomes if each.fate is not Fate.UNCHANGED] == []
    assert len(told.outcomes) == 9


async def test_an_export_fills_other_registers_with_the_same(
    connection: asyncpg.Connection,
) -> None:
    await take_in(connection, city())
    before = await load_registers(connection)
    exported = write_yaml(LAYOUT, sheets(await all_states(connection)))
    await connection.execute("delete from register_version; delete from register_entry")
    await connection.execute("set session_replication_role = replica; delete from event")
    await connection.execute("set session_replication_role = default")
    await take_in(connection, exported)
    after = await load_registers(connection)
    assert after == before


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        (
            "last_day: 2012-12-31",
            "last_day: 2013-12-31, effective_from: 2012-07-01",
            ["last_day", "effective_from"],
        ),
        ("name: 芜湖造船厂", "name: 芜湖造船集团", ["name"]),
        ("standing: suspended", "standing: withdrawn", ["standing"]),
        ("times: 4", "times: 5", ["times"]),
        ("limit: 3个工作日", "limit: 2个工作日", ["limit"]),
        ('"50000.50"', '"60000"', ["most"]),
    ],
)
async def test_what_differs_is_shown_before_and_after(
    connection: asyncpg.Connection, before: str, after: str, fields: list[str]
) -> None:
    await take_in(connection, city())
    content = city((before, after))
    told = await preview(connection, content)
    (changed,) = [each for each in told.outcomes if each.fate is not Fate.UNCHANGED]
    assert changed.fate is Fate.CHANGED
    assert {each.field for each in changed.changes} >= set(fields)
    await take_in(connection, content)
    assert (await preview(connection, content)).is_idle


async def test_a_stage_left_out_is_left_out_of_the_chain(connection: asyncpg.Connection) -> None:
    await take_in(connection, city())
    text = city().decode()
    begin, end = text.index("- {chain: ZS, chain_name: 工业项目, place: 2"), text.index("bands:")
    shorter = (text[:begin] + text[end:]).encode()
    told = await preview(connection, shorter)
    assert not told.is_idle
    await take_in(connection, shorter)
    chain = (await load_registers(connection)).chain("ZS", JUNE)
    assert chain is not None
    assert [each.name for each in chain.stages] == ["签约"]


async def test_what_a_document_leaves_out_stays(connection: asyncpg.Connection) -> None:
    await take_in(connection, city())
    await take_in(connection, city((SHIPYARD_SINCE, SHIPYARD_SINCE)).split(b"approvals:")[0])
    assert (await load_registers(connection)).quota("WHAJJ", MILL, 2012) == 1


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("52N, name", "52M, name", ("credit-code-wrong", "enterprise")),
        ("last_day: 2012-12-31", "last_day: 2011-12-31", ("days-reversed", "last_day")),
        ("last_day: 2012-12-31", "last_day: 31.12.2012", ("value-wrong", "last_day")),
        ("  reason: 欠缴税款\n", "", ("reason-missing", "reason")),
        ("  effective_from: 2012-06-01\n", "", ("date-missing", "effective_from")),
        ("last_day: 2012-06-30", "last_day: 2013-06-30", ("days-beyond-year", "year")),
        ("limit: 3个工作日", "limit: 三天", ("value-wrong", "limit")),
        ('"50000.50"', '"50000.505"', ("value-wrong", "most")),
        ("- {unit: WHAJJ, year: 2012, times: 1}\n", "", ("quota-unknown", "unit")),
        (
            "  enterprises: 91340200711040652N、913402001494435763",
            "  enterprises: 91340200711040652N，913402001494435763",
            ("value-wrong", "enterprises"),
        ),
    ],
)
async def test_a_line_that_can_not_be_is_refused_and_so_is_the_document(
    connection: asyncpg.Connection, before: str, after: str, why: tuple[str, str]
) -> None:
    content = city((before, after))
    assert await refusals(connection, content) == [why]
    digest = (await preview(connection, content)).digest
    with pytest.raises(BadDocumentError, match="document-refused"):
        await IMPORTER.take_in(connection, content, digest, now=NOW, acting=ACTING)
    assert await connection.fetchval("select count(*) from event") == 0


async def test_inverted_bounds_refuse_all_lines_of_the_offence(
    connection: asyncpg.Connection,
) -> None:
    content = city(('least: "10000", most', 'least: "90000", most'))
    assert await refusals(connection, content) == [("bounds-inverted", "most")] * 2


async def test_lines_of_an_offence_agree_on_what_they_share(
    connection: asyncpg.Connection,
) -> None:
    text = city().decode()
    place = text.rindex("第八十四条")
    content = (text[:place] + "第八十五条" + text[place + 5 :]).encode()
    assert await refusals(connection, content) == [("lines-differ", "clause")] * 2


async def test_a_preview_no_longer_true_is_not_imported(connection: asyncpg.Connection) -> None:
    content = city()
    digest = (await preview(connection, content)).digest
    await take_in(connection, city(("times: 4", "times: 5")))
    with pytest.raises(BadDocumentError, match="registers-changed"):
        await IMPORTER.take_in(connection, content, digest, now=NOW, acting=ACTING)
    with pytest.raises(BadDocumentError, match="document-other"):
        await IMPORTER.take_in(connection, content + b"\n", digest, now=NOW, acting=ACTING)


async def test_a_withdrawn_card_can_be_followed_by_another(
    connection: asyncpg.Connection,
) -> None:
    await take_in(connection, city())
    await take_in(connection, city(("standing: suspended", "standing: withdrawn")))
    again = b"""green_cards:
- {enterprise: "913402001494435763", name: \xe5\x8e\x82, since: 2012-08-01, last_day: 2013-01-31}
"""
    await take_in(connection, again)
    registers = await load_registers(connection)
    assert registers.holds(YARD, DECEMBER)
    assert not registers.holds(YARD, JUNE)
    assert not registers.holds(YARD, JANUARY)


def test_overlaps_and_gaps_are_remarked_upon_in_yuan() -> None:
    assert noticed_in(city()) == []
    (gap,) = noticed_in(city(('least: "10000", most', 'least: "20000", most')))
    assert gap.offence == "AY01"
    assert gap.words == "“轻微”与“严重”两档之间有空档：10000.01 元至 19999.99 元不属于任何一档。"
    (overlap,) = noticed_in(city(('least: "10000", most', 'least: "5000", most')))
    assert overlap.words == "“轻微”与“严重”两档重叠：5000 元至 10000 元同时属于两档。"
