"""What the engine judges, and how a judgement is superseded without being rewritten."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.engine import (
    Change,
    FactArrived,
    JudgementRaised,
    JudgementSuperseded,
    OfficeChanged,
    TermsChanged,
    TimeReached,
    evolve,
    react,
)
from services.electronic_supervision.domain.facts import (
    Accepted,
    Fact,
    LimitExtended,
    Voided,
)
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.stages import Level
from services.electronic_supervision.domain.time.limits import Hours, Limit, WorkingDays
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.notice import amend
from tests.electronic_supervision.domain.docket import (
    ACCEPTED,
    KEY,
    at,
    empty,
    levels,
    play,
)
from tests.electronic_supervision.domain.timeline import (
    CALENDAR,
    LONG_AFTER,
    OFFICE,
    decided,
    fact,
    histories,
    instants,
    limits,
    local,
    paused,
    resumed,
    terms,
)


@pytest.mark.parametrize(
    ("now", "standing"),
    [
        ("2026-11-27 08:59", []),
        ("2026-11-27 09:00", ["reminder"]),  # the working day before the last, at the opening
        ("2026-12-01 00:00", ["reminder"]),
        ("2026-12-01 00:01", ["reminder", "yellow"]),
        ("2026-12-04 00:00", ["reminder", "yellow"]),
        ("2026-12-04 00:01", ["reminder", "yellow", "red"]),
    ],
)
def test_reminder_yellow_and_red_come_in_turn(now: str, standing: list[str]) -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at(now))
    assert levels(docket) == standing


def test_a_breach_is_told_only_once() -> None:
    breach = at("2026-12-01 00:01"), at("2026-12-02 10:00"), FactArrived(fact=ACCEPTED)
    _, events = play(empty(), FactArrived(fact=ACCEPTED), *breach)
    raised = [event.judgement.level for event in events if isinstance(event, JudgementRaised)]
    assert raised == [Level.REMINDER, Level.YELLOW]


def test_a_case_finished_in_time_but_heard_of_late_loses_its_card() -> None:
    docket, before = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-02 10:00"))
    yellow = next(j for j in docket.standing.values() if j.level is Level.YELLOW)
    docket, events = play(docket, FactArrived(fact=decided("2026-11-30 16:00")))
    assert events == [
        JudgementSuperseded(judgement=yellow.id, because="fact:decided", replaced_by=None)
    ]
    said = [e.judgement for e in before if isinstance(e, JudgementRaised)]
    assert yellow in said, "what was said is not rewritten"
    assert levels(docket) == ["reminder"]


def test_a_card_comes_back_when_the_fact_that_lifted_it_is_voided() -> None:
    void = fact("void", "2026-12-03 10:00", Voided(fact="decided"))
    lifted = FactArrived(fact=ACCEPTED), FactArrived(fact=decided("2026-11-30 16:00"))
    docket, _ = play(empty(), *lifted, at("2026-12-03 11:00"))
    assert levels(docket) == ["reminder"]
    docket, _ = play(docket, FactArrived(fact=void))
    assert levels(docket) == ["reminder", "yellow"]


def test_a_limit_that_moves_names_the_judgement_that_holds_instead() -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-08 10:00"))
    before = {judgement.level: judgement.id for judgement in docket.standing.values()}
    docket, events = play(docket, TermsChanged(terms=terms(WorkingDays(8), version=2)))
    after = {judgement.level: judgement for judgement in docket.standing.values()}
    assert after[Level.YELLOW].due_on == date(2026, 12, 3)
    superseded = {e.judgement: e for e in events if isinstance(e, JudgementSuperseded)}
    assert {e.because for e in superseded.values()} == {"rule:promised-limit/2"}
    assert {level: superseded[id_].replaced_by for level, id_ in before.items()} == {
        Level.REMINDER: after[Level.REMINDER].id,
        Level.YELLOW: after[Level.YELLOW].id,
        Level.RED: None,  # its limit has moved past today
    }


def test_a_late_pause_lifts_the_cards_while_it_lasts() -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-08 10:00"))
    docket, _ = play(docket, FactArrived(fact=paused("2026-11-25 10:00")))
    assert levels(docket) == []
    docket, _ = play(docket, FactArrived(fact=resumed("2026-11-27 15:00")))
    assert levels(docket) == ["reminder", "yellow"]


def test_the_citys_own_limit_goes_before_the_one_a_system_states() -> None:
    stated = Accepted(unit="u", stated_due=Moment.instant(local("2027-11-01 10:00")))
    docket, _ = play(
        empty(), FactArrived(fact=replace(ACCEPTED, what=stated)), at("2026-12-01 10:00")
    )
    assert levels(docket) == ["reminder", "yellow"]


def test_how_early_a_reminder_and_how_late_a_red_card_is_the_rules_to_say() -> None:
    rule = terms(WorkingDays(5), lead=2, grace=Hours(timedelta(hours=1)))
    docket, events = play(empty(rule), FactArrived(fact=ACCEPTED), at("2026-12-01 01:01"))
    fired = [e.evidence.fired_at for e in events if isinstance(e, JudgementRaised)]
    assert fired == [
        local("2026-11-26 09:00"),
        local("2026-12-01 00:00"),
        local("2026-12-01 01:00"),
    ]
    assert levels(docket) == ["reminder", "yellow", "red"]


def test_what_a_judgement_rests_on_is_told_with_it() -> None:
    pause = paused("2026-11-25 10:00"), resumed("2026-11-26 10:00")
    extended = fact("x", "2026-11-24 10:00", LimitExtended(by=WorkingDays(1)))
    told = (*pause, extended, decided("2026-12-30 10:00"), ACCEPTED)
    _, events = play(empty(), *(FactArrived(fact=each) for each in told), at("2027-01-30 10:00"))
    yellow = next(
        e for e in events if isinstance(e, JudgementRaised) and e.judgement.level is Level.YELLOW
    )
    assert yellow.evidence.facts == ("accepted", "paused-1", "resumed-1", "x", "decided")
    assert (yellow.evidence.rule_version, yellow.evidence.clause) == (1, "服务承诺第一条")
    assert yellow.evidence.calendar_version == CALENDAR.version


def test_cases_of_two_systems_with_one_number_are_two() -> None:
    other = replace(empty(), key=replace_source(KEY, "/wuhu/other"))
    ids = [
        {*play(docket, FactArrived(fact=ACCEPTED), at("2026-12-20 10:00"))[0].standing}
        for docket in (empty(), other)
    ]
    assert not ids[0] & ids[1]


def replace_source(key: CaseKey, source: str) -> CaseKey:
    return CaseKey(source=source, number=key.number)


def test_a_late_holiday_supersedes_the_card_that_ignored_it() -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-01 10:00"))
    day_off = {date(2026, 11, 26): "临时放假"}
    late = replace(OFFICE, calendar=amend(CALENDAR, version="CN-2026b", rest=day_off, work={}))
    docket, events = play(docket, OfficeChanged(office=late))
    assert "yellow" not in levels(docket)
    assert any(isinstance(e, JudgementSuperseded) for e in events)


def test_a_new_version_of_the_rule_does_not_double_a_judgement() -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-01 10:00"))
    _, events = react(docket, TermsChanged(terms=terms(WorkingDays(5), version=2)))
    assert events == ()


def test_a_limit_too_short_for_a_reminder_gets_none() -> None:
    docket, _ = play(empty(terms(WorkingDays(1))), FactArrived(fact=ACCEPTED))
    docket, _ = play(docket, at("2026-11-24 08:00"))
    assert levels(docket) == []
    docket, _ = play(docket, at("2026-11-24 09:00"))
    assert levels(docket) == ["reminder"], "the last day itself still leaves time"


def test_a_clock_set_back_takes_nothing_back() -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-01 00:01"))
    after, events = react(docket, at("2026-11-30 23:01"))
    assert (after, events) == (docket, ())


@given(histories(), limits, st.lists(instants, max_size=3), st.randoms(use_true_random=False))
def test_the_same_facts_in_any_delivery_leave_the_same_judgements(
    facts: list[Fact], limit: Limit, times: list[datetime], random: Random
) -> None:
    ticks: list[Change] = [TimeReached(now=now) for now in times]
    arrivals: list[Change] = [FactArrived(fact=each) for each in facts]
    shuffled = arrivals + random.sample(arrivals, len(arrivals) // 2) + ticks
    random.shuffle(shuffled)
    end = TimeReached(now=max([LONG_AFTER - timedelta(days=random.randrange(1200)), *times]))
    rule = replace(terms(limit), steps={"审核": WorkingDays(2)})
    in_order, _ = play(empty(rule), *arrivals, end)
    delivered, told = play(empty(rule), *shuffled, end)
    assert delivered.standing == in_order.standing
    assert evolve({}, told) == delivered.standing
    assert react(delivered, end)[1] == ()
