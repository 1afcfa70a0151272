"""Rehearsals over the record of a real database."""

from collections import Counter
from dataclasses import replace

import pytest

from contracts.registry import PUBLISHED
from kernel.store.store import read
from services.electronic_supervision.domain.rules.life_acts import ActivateRule
from services.electronic_supervision.domain.rules.life_stages import digest_of
from services.electronic_supervision.log.refusal import BadInputError
from services.electronic_supervision.record import records
from services.electronic_supervision.rehearsal.compare import compare, pair
from services.electronic_supervision.rehearsal.difference import What
from services.electronic_supervision.rehearsal.keep import Rehearsal, draft, enter
from services.electronic_supervision.rehearsal.lane import Place, law_in
from services.electronic_supervision.rehearsal.proposal import Kind, Proposal, laws_of
from services.electronic_supervision.rehearsal.sweep import sweep
from services.electronic_supervision.rehearsal.tally import Tally
from services.electronic_supervision.rules.keep import bring_shipped, carry_out
from services.electronic_supervision.rules.shelf import shipped
from tests.electronic_supervision.live.conftest import OFFICE, Supervision
from tests.electronic_supervision.live.said import FIVE_DAYS, event, local
from tests.electronic_supervision.rehearsal import papers
from tests.electronic_supervision.rehearsal.conftest import BEGIN, HEARD, cases

NOW = local(HEARD)


def rule(document: str) -> Proposal:
    return Proposal(kind=Kind.RULE, document=document)


async def history(supervision: Supervision, number: int = 30) -> None:
    today = OFFICE.local_date(NOW)
    await bring_shipped(supervision.connection, NOW, today)
    await supervision.hears(*cases(number), at=HEARD)


async def test_a_rule_with_a_shorter_limit_makes_cards_appear(
    supervision: Supervision, place: Place
) -> None:
    await history(supervision)
    told = (await sweep(place, rule(papers.rule(2, "new-limit")), NOW, lanes=2)).result()
    figures = told["figures"]
    assert (figures["cases"], figures["facts"]) == (30, 60)
    assert figures["appear"] > 0
    assert (figures["vanish"], figures["change"]) == (0, 0)
    assert {each["after"] for each in told["levels"]} == {"reminder", "yellow", "red"}
    assert {each["unit"] for each in told["units"]} == {"unit-0", "unit-1", "unit-2"}
    assert {each["rule"] for each in told["examples"]} == {"new-limit"}
    assert all("变更后：" in each["words"] for each in told["examples"])


async def test_a_rehearsal_is_what_every_case_by_itself_comes_to(
    supervision: Supervision, place: Place
) -> None:
    await history(supervision)
    proposal = rule(papers.rule(4, "new-limit"))
    swept = await sweep(place, proposal, NOW, lanes=2)
    told = [each async for each in read(supervision.connection) if each.type in PUBLISHED]
    laws = pair(*laws_of(await law_in(supervision.connection), proposal, OFFICE.local_date(NOW)))
    alone = Tally()
    for stream, record in records(told).items():
        compared = compare(record, laws, NOW)
        assert compared is not None
        alone.add(stream, compared)
    assert swept.whats == alone.whats
    assert (swept.units, swept.items) == (alone.units, alone.items)
    assert swept.levels == alone.levels


async def test_the_rules_as_they_judge_change_nothing(
    supervision: Supervision, place: Place
) -> None:
    await history(supervision)
    law = await law_in(supervision.connection)
    told = [each async for each in read(supervision.connection) if each.type in PUBLISHED]
    cases_ = records(told).values()
    for document in shipped().values():
        laws = pair(*laws_of(law, rule(document.text), OFFICE.local_date(NOW)))
        if law.book.rule(document.rule.id, OFFICE.local_date(NOW)) is None:
            continue  # on trial, and judges nobody
        for each in cases_:
            compared = compare(each, laws, NOW)
            assert compared is not None
            assert compared.differences == ()
    swept = await sweep(place, rule(shipped()["stated-limit"].text), NOW, lanes=1)
    assert (swept.facts, swept.whats) == (60, Counter())


async def test_a_storm_that_closes_the_offices_makes_cards_vanish(
    supervision: Supervision, place: Place
) -> None:
    await history(supervision)
    typhoon = Proposal(kind=Kind.CALENDAR, document=papers.TYPHOON)
    figures = (await sweep(place, typhoon, NOW, lanes=1)).figures()
    assert (figures["appear"], figures["change"]) == (0, 0)
    assert figures["vanish"] > 0


async def test_a_shorter_promise_of_an_item_counts_for_its_cases_only(
    supervision: Supervision, place: Place
) -> None:
    await history(supervision)
    other = event("case-accepted", BEGIN, "别的", item="另一事项", stated_limit=FIVE_DAYS)
    await supervision.hears(other, at=HEARD)
    told = await sweep(place, Proposal(kind=Kind.CATALOGUE, document=papers.item(2)), NOW, lanes=1)
    assert told.whats[What.APPEAR] > 0
    assert {item for item, _ in told.items} == {"许可"}


async def test_a_version_is_held_against_the_one_that_judges_now(
    supervision: Supervision, place: Place
) -> None:
    await history(supervision)
    connection = supervision.connection
    drafted = await draft(connection, rule(papers.rule(2, "new")), "new", NOW, "test")
    assert drafted.version == 1
    assert await draft(connection, rule(papers.rule(2, "new")), "new", NOW, "test") == drafted
    first = Rehearsal(
        id="r-1",
        subject="new",
        proposal=drafted,
        digest=digest_of(drafted.document),
        asked_by="test",
        as_of=NOW,
    )
    swept = await sweep(place, drafted, NOW, lanes=1)
    assert await enter(connection, first, swept.result(), NOW) == ""
    today = OFFICE.local_date(NOW)
    activate = ActivateRule(id="new", version=1, effective_from=today, today=today)
    assert await carry_out(connection, activate, now=NOW, acting={"by": "test"})
    again = await sweep(place, drafted, NOW, lanes=1)
    assert again.whats == Counter(), "what judges now was rehearsed against nothing"
    longer = await draft(connection, rule(papers.rule(9, "new")), "new", NOW, "test")
    milder = await sweep(place, longer, NOW, lanes=1)
    assert milder.whats[What.VANISH] > 0
    assert milder.whats[What.APPEAR] == 0
    shorter = await sweep(place, replace(rule(papers.rule(1, "new")), version=7), NOW, lanes=1)
    words = [each["words"] for each in shorter.examples]
    assert words
    assert all("规则 new 第7版" in str(each) for each in words)


@pytest.mark.parametrize(
    ("kind", "document", "code"),
    [
        (Kind.RULE, "id: x", "field-missing"),
        (Kind.CALENDAR, "rest: {}", "rehearsal-invalid"),
        (Kind.CATALOGUE, "code: 许可", "rehearsal-invalid"),
    ],
)
async def test_what_cannot_be_read_is_refused_before_any_case_is(
    place: Place, kind: Kind, document: str, code: str
) -> None:
    with pytest.raises(BadInputError) as refused:
        await sweep(place, Proposal(kind=kind, document=document), NOW)
    assert refused.value.code == code
