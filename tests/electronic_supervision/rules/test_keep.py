"""The life of rules in the record of a real database."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from itertools import count

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.store.migrate import migrate
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.rules.demands import Level, Order
from services.electronic_supervision.domain.rules.life_acts import (
    ActivateRule,
    DraftRule,
    NoteRehearsal,
    RuleDrafted,
    RuleShipped,
    ShipRule,
)
from services.electronic_supervision.domain.rules.life_stages import digest_of
from services.electronic_supervision.rules.keep import bring_shipped, carry_out
from services.electronic_supervision.rules.mistake import BadRuleError
from services.electronic_supervision.rules.shelf import shipped, shipped_book
from services.electronic_supervision.rules.store import load_book
from services.electronic_supervision.tenancy import TENANCY

NUMBERS = count(1)
NOW = datetime(2012, 3, 5, 1, tzinfo=UTC)
MONDAY, TUESDAY = date(2012, 3, 5), date(2012, 3, 6)
OFFICE = {"by": "account:office", "role": "office"}
STRICTER = (
    shipped()["steps-in-order"]
    .text.replace("level: yellow", "level: red")
    .replace("expect: yellow", "expect: red")
)
DRAFT = DraftRule(id="steps-in-order", version=2, document=STRICTER)


@pytest.fixture
async def connection(server: Postgres) -> AsyncIterator[asyncpg.Connection]:
    schema = f"rules_{next(NUMBERS)}"
    made = await asyncpg.connect(server.url())
    await migrate(made, schema, *TENANCY.migrations)
    await made.execute(f"set search_path to {schema}")
    yield made
    await made.close()


async def test_a_first_start_records_all_rules_of_the_release_as_active(
    connection: asyncpg.Connection,
) -> None:
    happened = await bring_shipped(connection, NOW)
    assert {each.id for each in happened if isinstance(each, RuleShipped)} == set(shipped())
    held = await load_book(connection)
    assert [each.rule for each in held.entries] == [each.rule for each in shipped_book().entries]


async def test_another_start_records_nothing(connection: asyncpg.Connection) -> None:
    await bring_shipped(connection, NOW)
    assert await bring_shipped(connection, NOW) == []


async def test_a_rehearsed_version_judges_from_its_day(connection: asyncpg.Connection) -> None:
    await bring_shipped(connection, NOW)
    rehearsed = NoteRehearsal(
        id=DRAFT.id, version=2, digest=digest_of(STRICTER), rehearsal="r-1", figures={"appear": 1}
    )
    activate = ActivateRule(id=DRAFT.id, version=2, effective_from=TUESDAY, today=MONDAY)
    for command in (DRAFT, rehearsed, activate):
        assert await carry_out(connection, command, now=NOW, acting=OFFICE)
    held = await load_book(connection)
    levels = [
        rule.demand.level
        for day in (MONDAY, TUESDAY)
        if (rule := held.rule(DRAFT.id, day)) is not None and isinstance(rule.demand, Order)
    ]
    assert levels == [Level.YELLOW, Level.RED]


async def test_what_judges_is_amended_by_what_acts_and_not_by_drafts(
    connection: asyncpg.Connection,
) -> None:
    async def version() -> int:
        found: int = await connection.fetchval("select version from law")
        return found

    await bring_shipped(connection, NOW)
    before = await version()
    await carry_out(connection, DRAFT, now=NOW, acting=OFFICE)
    assert await version() == before
    other = ShipRule(
        id="another",
        document=shipped()["steps-in-order"].text.replace("steps-in-order", "another"),
        effective_from=MONDAY,
    )
    await carry_out(connection, other, now=NOW, acting=OFFICE)
    assert await version() == before + 1


async def test_a_command_told_twice_is_carried_out_once(connection: asyncpg.Connection) -> None:
    await bring_shipped(connection, NOW)
    first = await carry_out(connection, DRAFT, now=NOW, acting=OFFICE, key="k")
    again = await carry_out(connection, DRAFT, now=NOW, acting=OFFICE, key="k")
    assert first == again
    assert isinstance(first[0], RuleDrafted)


async def test_a_document_that_is_no_rule_is_never_recorded(
    connection: asyncpg.Connection,
) -> None:
    bad = DraftRule(id="steps-in-order", version=1, document="id: steps-in-order")
    with pytest.raises(BadRuleError):
        await carry_out(connection, bad, now=NOW, acting=OFFICE)
    stolen = DraftRule(id="another", version=1, document=STRICTER)
    with pytest.raises(Refused, match="rule-other-id"):
        await carry_out(connection, stolen, now=NOW, acting=OFFICE)
    assert await connection.fetchval("select count(*) from event") == 0
