"""The life of rules in the record of a real database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from kernel.store.migrate import migrate
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.rules.book import Mode
from services.electronic_supervision.domain.rules.demands import Level, Order
from services.electronic_supervision.domain.rules.life import LIFE
from services.electronic_supervision.domain.rules.life_acts import (
    ActivateRule,
    DraftRule,
    NoteRehearsal,
    RuleDrafted,
    RuleShipped,
)
from services.electronic_supervision.domain.rules.life_stages import digest_of
from services.electronic_supervision.rehearsal.keep import Rehearsal, note
from services.electronic_supervision.rehearsal.proposal import Kind, Proposal
from services.electronic_supervision.rules.keep import bring_shipped, carry_out
from services.electronic_supervision.rules.mistake import BadRuleError
from services.electronic_supervision.rules.shelf import (
    FOUNDING,
    founding_book,
    lacks_clause,
    shipped,
)
from services.electronic_supervision.rules.store import load_book, load_lives
from services.electronic_supervision.tenancy import TENANCY

NUMBERS = count(1)
NOW = datetime(2012, 3, 5, 1, tzinfo=UTC)
MONDAY, TUESDAY = date(2012, 3, 5), date(2012, 3, 6)
OFFICE = {"by": "account:office", "role": "office"}
STRICTER = (
    shipped()["steps-in-order"]
    .text.replace("level: yellow", "level: red")
    .replace("expect: yellow", "expect: red")
    .replace("（条款由市效能办填写）", "第九条")
)
DRAFT = DraftRule(id="steps-in-order", version=2, document=STRICTER)
REHEARSED = NoteRehearsal(
    id=DRAFT.id, version=2, digest=digest_of(STRICTER), rehearsal="r-1", figures={"appear": 1}
)
ACTIVATE = ActivateRule(id=DRAFT.id, version=2, effective_from=TUESDAY, today=MONDAY)


@pytest.fixture
async def connection(server: Postgres) -> AsyncIterator[asyncpg.Connection]:
    schema = f"rules_{next(NUMBERS)}"
    made = await asyncpg.connect(server.url())
    await migrate(made, schema, *TENANCY.migrations)
    await made.execute(f"set search_path to {schema}")
    yield made
    await made.close()


async def test_a_first_start_records_all_rules_of_the_release(
    connection: asyncpg.Connection,
) -> None:
    happened = await bring_shipped(connection, NOW, MONDAY)
    assert {each.id for each in happened if isinstance(each, RuleShipped)} == set(shipped())


async def test_rules_of_a_release_judge_nothing_that_was_done_before_they_came(
    connection: asyncpg.Connection,
) -> None:
    await bring_shipped(connection, NOW, MONDAY)
    held = await load_book(connection)
    before = {each.rule.id for each in held.in_force(MONDAY - timedelta(days=1))}
    assert before == set(FOUNDING)
    assert {each.rule.id for each in held.in_force(MONDAY)} == set(shipped())


async def test_what_judged_before_rules_were_documents_judges_on(
    connection: asyncpg.Connection,
) -> None:
    await bring_shipped(connection, NOW, MONDAY)
    held = await load_book(connection)
    kept = [each.rule for each in held.entries if each.rule.id in FOUNDING]
    assert kept == [each.rule for each in founding_book().entries]


async def test_nothing_but_leads_comes_of_a_shipped_rule_whose_clause_is_the_citys_to_name(
    connection: asyncpg.Connection,
) -> None:
    await bring_shipped(connection, NOW, MONDAY)
    held = await load_book(connection)
    acting = [each.rule for each in held.in_force(MONDAY) if each.mode is Mode.ACTIVE]
    tried = {each.rule.id for each in held.in_force(MONDAY) if each.mode is Mode.SHADOW}
    assert not [rule.id for rule in acting if lacks_clause(rule)]
    assert tried == {id_ for id_, each in shipped().items() if lacks_clause(each.rule)}
    assert {"two-yellow-cards", "step-without-holder"} <= tried
    assert "late-recording" not in tried


async def test_processes_that_start_at_once_bring_the_rules_once(
    server: Postgres, connection: asyncpg.Connection
) -> None:
    schema = await connection.fetchval("select current_schema()")
    other = await asyncpg.connect(server.url(), server_settings={"search_path": schema})
    try:
        brought = await asyncio.gather(
            *(bring_shipped(each, NOW, MONDAY) for each in (connection, other))
        )
    finally:
        await other.close()
    assert sorted(len(each) for each in brought) == [0, len(shipped())]


async def test_another_start_records_nothing(connection: asyncpg.Connection) -> None:
    await bring_shipped(connection, NOW, MONDAY)
    assert await bring_shipped(connection, NOW, MONDAY) == []


async def test_a_rehearsed_version_judges_from_its_day(connection: asyncpg.Connection) -> None:
    await bring_shipped(connection, NOW, MONDAY)
    for command in (DRAFT, REHEARSED, ACTIVATE):
        assert await carry_out(connection, command, now=NOW, acting=OFFICE)
    held = await load_book(connection)
    levels = [
        rule.demand.level
        for day in (MONDAY, TUESDAY)
        if (rule := held.rule(DRAFT.id, day)) is not None and isinstance(rule.demand, Order)
    ]
    assert levels == [Level.RED]
    assert held.shadow(DRAFT.id, MONDAY) is not None
    assert held.shadow(DRAFT.id, TUESDAY) is None, "the version on trial ends with its successor"


async def test_what_judges_is_amended_by_what_acts_and_not_by_drafts(
    connection: asyncpg.Connection,
) -> None:
    async def version() -> int:
        found: int = await connection.fetchval("select version from law")
        return found

    await bring_shipped(connection, NOW, MONDAY)
    before = await version()
    await carry_out(connection, DRAFT, now=NOW, acting=OFFICE)
    assert await version() == before
    await carry_out(connection, REHEARSED, now=NOW, acting=OFFICE)
    assert await version() == before
    await carry_out(connection, ACTIVATE, now=NOW, acting=OFFICE)
    assert await version() == before + 1


async def test_a_command_told_twice_is_carried_out_once(connection: asyncpg.Connection) -> None:
    await bring_shipped(connection, NOW, MONDAY)
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


async def test_no_rule_is_enacted_before_the_city_has_named_its_clause(
    connection: asyncpg.Connection,
) -> None:
    await bring_shipped(connection, NOW, MONDAY)
    unnamed = replace(DRAFT, document=shipped()[DRAFT.id].text + "# 未填条款\n")
    rehearsed = replace(REHEARSED, digest=digest_of(unnamed.document))
    for command in (unnamed, rehearsed):
        await carry_out(connection, command, now=NOW, acting=OFFICE)
    with pytest.raises(Refused, match="clause-missing"):
        await carry_out(connection, ACTIVATE, now=NOW, acting=OFFICE)


async def test_a_rule_on_trial_is_enacted_only_after_its_rehearsal(
    connection: asyncpg.Connection,
) -> None:
    await bring_shipped(connection, NOW, MONDAY)
    lives = await load_lives(connection)
    with pytest.raises(Refused, match="rule-not-rehearsed"):
        LIFE.decide(replace(ACTIVATE, version=1), lives[DRAFT.id])


async def test_a_rule_on_what_is_missing_does_not_count_as_rehearsed_before_it_can_be(
    connection: asyncpg.Connection,
) -> None:
    await bring_shipped(connection, NOW, MONDAY)
    text = shipped()["guide-missing"].text.replace("（条款由市效能办填写）", "第九条")
    draft = DraftRule(id="guide-missing", version=2, document=text)
    await carry_out(connection, draft, now=NOW, acting=OFFICE)
    asked = Rehearsal(
        id="r-1",
        subject=draft.id,
        proposal=Proposal(kind=Kind.RULE, document=text, version=2),
        digest=digest_of(text),
        asked_by="account:office",
        as_of=NOW,
    )
    assert "尚不能预演" in await note(connection, asked, {"appear": 0}, NOW)
    with pytest.raises(Refused, match="rule-not-rehearsed"):
        await carry_out(connection, replace(ACTIVATE, id=draft.id), now=NOW, acting=OFFICE)


async def test_cumulations_that_would_count_each_other_are_not_enacted(
    connection: asyncpg.Connection,
) -> None:
    await bring_shipped(connection, NOW, MONDAY)
    of = shipped()["points-of-unit"].text.replace("cumulation:\n", "cumulation:\n  of: [OTHER]\n")
    lives = [("points-of-unit", "two-yellow-cards"), ("two-yellow-cards", "points-of-unit")]
    for id_, other in lives:
        text = of.replace("points-of-unit", id_, 1).replace("OTHER", other)
        commands = (
            DraftRule(id=id_, version=2, document=text),
            replace(REHEARSED, id=id_, digest=digest_of(text)),
        )
        for command in commands:
            await carry_out(connection, command, now=NOW, acting=OFFICE)
    first, second = (replace(ACTIVATE, id=id_) for id_, _ in lives)
    await carry_out(connection, first, now=NOW, acting=OFFICE)
    with pytest.raises(Refused, match="rules-circular"):
        await carry_out(connection, second, now=NOW, acting=OFFICE)
