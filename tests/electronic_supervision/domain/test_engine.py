"""What the engine judges, and how a judgement is superseded without being rewritten."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.case import Flag, fold
from services.electronic_supervision.domain.engine import (
    Change,
    Docket,
    Event,
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
    Paused,
    StepFinished,
    StepStarted,
    Voided,
)
from services.electronic_supervision.domain.judgement import CaseKey, Level
from services.electronic_supervision.domain.terms import Terms
from services.electronic_supervision.domain.time.limits import Hours, Limit, WorkingDays
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.notice import amend, extend
from tests.electronic_supervision.domain.time.test_calendar import NOTICE_FOR_2027
from tests.electronic_supervision.domain.timeline import (
    CALENDAR,
    LONG_AFTER,
    OFFICE,
    WUHU,
    accepted,
    decided,
    due,
    fact,
    histories,
    instants,
    limits,
    local,
    paused,
    resumed,
    terms,
)

KEY = CaseKey(source="/wuhu/permits", number="办件1")
FIVE_DAYS = terms(WorkingDays(5))
ACCEPTED = accepted("2026-11-23 10:00")  # due at the end of Monday the 30th


def empty(rule: Terms = FIVE_DAYS) -> Docket:
    return Docket(key=KEY, terms=rule, office=OFFICE, now=local("2026-11-01 00:00"))


def play(docket: Docket, *changes: Change) -> tuple[Docket, list[Event]]:
    told: list[Event] = []
    for change in changes:
        docket, events = react(docket, change)
        told += events
    return docket, told


def levels(docket: Docket) -> list[str]:
    return [judgement.level.value for judgement in docket.standing.values()]


def at(text: str) -> TimeReached:
    return TimeReached(now=local(text))


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


def test_no_card_rests_on_a_provisional_date() -> None:
    rule = terms(WorkingDays(29))
    docket, events = play(empty(rule), FactArrived(fact=ACCEPTED), at("2027-02-10 10:00"))
    assert levels(docket) == ["reminder", "yellow-lead", "red-lead"]
    withheld = [e.evidence.withheld for e in events if isinstance(e, JudgementRaised)]
    assert withheld == ["", "provisional-date", "provisional-date"]


@pytest.mark.parametrize(
    "rule",
    [
        replace(terms(WorkingDays(28)), grace=Hours(timedelta(days=30))),
        replace(terms(WorkingDays(29)), grace=Hours(timedelta(hours=24))),
    ],
)
def test_no_red_card_rests_on_a_guess_even_if_hours_need_no_calendar(rule: Terms) -> None:
    docket, events = play(empty(rule), FactArrived(fact=ACCEPTED), at("2027-03-10 10:00"))
    for event in events:
        assert isinstance(event, JudgementRaised)
        if event.judgement.level in {Level.YELLOW, Level.RED}:
            assert not event.evidence.provisional
    assert levels(docket)[1:] in (["yellow", "red"], ["yellow-lead", "red-lead"])
    assert ("red" in levels(docket)) == (rule.limit == WorkingDays(28))


def test_what_follows_a_guess_is_a_guess() -> None:
    extended = fact("x", "2026-11-24 10:00", LimitExtended(by=Hours(timedelta(hours=24))))
    changes = FactArrived(fact=ACCEPTED), FactArrived(fact=extended), at("2027-02-10 10:00")
    docket, _ = play(empty(terms(WorkingDays(29))), *changes)
    assert levels(docket) == ["reminder", "yellow-lead", "red-lead"]


@given(histories(), limits, st.booleans())
def test_a_notice_moves_no_end_that_is_not_provisional(
    facts: list[Fact], limit: Limit, shifted: bool
) -> None:
    """Every date of the histories is moved close to the horizon of the calendar."""
    shift = timedelta(days=200 if shifted else 400)
    moved = [replace(each, at=Moment.instant(each.at.earliest + shift)) for each in facts]
    after = replace(OFFICE, calendar=extend(CALENDAR, NOTICE_FOR_2027))
    before = due(moved, limit)
    if before is not None and not before.provisional:
        assert due(moved, limit, after) == before


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        (resumed("2026-11-24 10:00"), "resumed-without-pause"),
        (fact("again", "2026-11-24 10:00", Accepted(unit="u")), "accepted-twice"),
        (fact("s", "2026-11-01 10:00", StepStarted(step="审核")), "step-outside-case"),
        (decided("2026-11-01 10:00"), "finished-before-accepted"),
    ],
)
def test_no_card_rests_on_a_fact_that_is_flagged(odd: Fact, code: str) -> None:
    docket, events = play(
        empty(), FactArrived(fact=ACCEPTED), FactArrived(fact=odd), at("2026-12-20 10:00")
    )
    assert not {"yellow", "red"} & {*levels(docket)}
    withheld = {e.evidence.withheld for e in events if isinstance(e, JudgementRaised)}
    assert withheld <= {"", code}


def test_a_unit_can_not_lift_a_card_by_filing_the_case_away() -> None:
    filed = fact("s", "2026-12-09 10:00", StepFinished(step="归档"))
    late = (ACCEPTED, decided("2026-12-08 10:00"), filed)
    docket, _ = play(empty(), *(FactArrived(fact=each) for each in late), at("2026-12-20 10:00"))
    assert levels(docket) == ["reminder", "yellow", "red"]
    assert fold(late).flags == {Flag.STEP_OUTSIDE_CASE}


def test_a_case_with_a_slip_of_the_year_still_asks_a_person_to_look() -> None:
    slip = fact("s", datetime(1026, 11, 24, tzinfo=UTC), StepFinished(step="审核"))
    changes = FactArrived(fact=ACCEPTED), FactArrived(fact=slip), at("2026-12-20 10:00")
    docket, _ = play(empty(), *changes)
    assert levels(docket) == ["reminder", "yellow-lead", "red-lead"]
    accepted_in_226 = replace(ACCEPTED, at=Moment.instant(datetime(226, 11, 23, tzinfo=UTC)))
    docket, _ = play(empty(), FactArrived(fact=accepted_in_226), at("2026-12-20 10:00"))
    assert {"yellow-lead", "red-lead"} <= {*levels(docket)}


def test_a_step_begun_again_before_its_end_is_flagged() -> None:
    begun = (fact(id_, "2026-11-24 10:00", StepStarted(step="审核")) for id_ in "12")
    assert fold([ACCEPTED, *begun]).doubts == {Flag.STEP_STARTED_TWICE}


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (paused("2026-11-24 12:00", "testing"), Flag.PAUSED_TWICE),
        (paused("2026-11-01 10:00", pause="9"), Flag.PAUSED_BEFORE_ACCEPTED),
    ],
)
def test_a_pause_told_in_disorder_is_flagged(second: Fact, code: Flag) -> None:
    first = fact("first", "2026-11-24 10:00", Paused(pause="1", ground="publicity"))
    assert code in fold([ACCEPTED, first, second]).flags


def test_a_stated_end_before_acceptance_is_flagged() -> None:
    stated = Accepted(unit="u", stated_due=Moment.instant(local("2026-11-01 10:00")))
    docket, _ = play(
        empty(terms(None)), FactArrived(fact=replace(ACCEPTED, what=stated)), at("2026-12-20 10:00")
    )
    assert levels(docket) == ["yellow-lead", "red-lead"]


def test_a_card_that_becomes_doubtful_is_replaced_by_a_lead() -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-01 10:00"))
    yellow = next(j.id for j in docket.standing.values() if j.level is Level.YELLOW)
    odd = FactArrived(fact=resumed("2026-11-24 10:00"))
    docket, events = play(docket, odd)
    lead = next(j.id for j in docket.standing.values() if j.level is Level.YELLOW_LEAD)
    superseded = JudgementSuperseded(judgement=yellow, because="fact:resumed-1", replaced_by=lead)
    assert superseded in events


def test_a_case_and_its_step_late_by_the_same_instant_are_two_judgements() -> None:
    rule = replace(terms(WorkingDays(5)), steps={"审核": WorkingDays(5)})
    step = fact("1", "2026-11-23 11:00", StepStarted(step="审核"))
    changes = FactArrived(fact=ACCEPTED), FactArrived(fact=step), at("2026-12-01 10:00")
    docket, _ = play(empty(rule), *changes)
    assert levels(docket) == ["reminder", "yellow", "reminder", "yellow"]


@pytest.mark.parametrize(("year", "flagged"), [(1899, True), (1900, False), (9000, True)])
def test_a_date_outside_the_years_that_can_be_meant_is_flagged(year: int, flagged: bool) -> None:
    when = Moment.instant(datetime(year, 6, 1, tzinfo=UTC))
    odd = replace(ACCEPTED, at=when, recorded_at=when.latest)
    assert (Flag.TIME_OUT_OF_RANGE in fold([odd]).flags) is flagged


@pytest.mark.parametrize("year", [1, 1850, 9998])
def test_a_date_out_of_all_range_stops_nothing_but_its_cards(year: int) -> None:
    when = Moment.instant(datetime(year, 6, 1, tzinfo=UTC))
    never = Moment.day(date.max, WUHU)
    facts = [
        replace(ACCEPTED, at=when),
        replace(ACCEPTED, what=Accepted(unit="u", stated_due=when)),
        replace(ACCEPTED, what=Accepted(unit="u", stated_due=never)),
    ]
    for each in facts:
        for rule in (FIVE_DAYS, terms(None)):
            docket, _ = play(empty(rule), FactArrived(fact=each), at("2026-11-20 10:00"))
            assert not {"yellow", "red"} & {*levels(docket)}


def test_the_citys_own_limit_goes_before_the_one_a_system_states() -> None:
    stated = Accepted(unit="u", stated_due=Moment.instant(local("2027-11-01 10:00")))
    docket, _ = play(
        empty(), FactArrived(fact=replace(ACCEPTED, what=stated)), at("2026-12-01 10:00")
    )
    assert levels(docket) == ["reminder", "yellow"]


def test_how_early_a_reminder_and_how_late_a_red_card_is_the_rules_to_say() -> None:
    rule = replace(FIVE_DAYS, lead=2, grace=Hours(timedelta(hours=1)))
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


def test_the_notice_turns_the_lead_into_a_card_where_the_day_stays() -> None:
    docket, _ = play(
        empty(terms(WorkingDays(29))), FactArrived(fact=ACCEPTED), at("2027-01-05 10:00")
    )
    notice = replace(OFFICE, calendar=extend(CALENDAR, NOTICE_FOR_2027))
    docket, events = play(docket, OfficeChanged(office=notice))
    assert levels(docket) == ["reminder", "yellow"]
    superseded = [e for e in events if isinstance(e, JudgementSuperseded)]
    assert [e.because for e in superseded] == ["calendar:CN-2027"]


def test_a_late_holiday_supersedes_the_card_that_ignored_it() -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-01 10:00"))
    day_off = {date(2026, 11, 26): "临时放假"}
    late = replace(OFFICE, calendar=amend(CALENDAR, version="CN-2026b", rest=day_off, work={}))
    docket, events = play(docket, OfficeChanged(office=late))
    assert "yellow" not in levels(docket)
    assert any(isinstance(e, JudgementSuperseded) for e in events)


def test_no_card_rests_on_a_date_that_can_not_be_true() -> None:
    impossible = Fact(
        id="paused-1",
        at=paused("2027-11-25 10:00").at,
        recorded_at=local("2026-11-25 10:00"),
        what=paused("2026-11-25 10:00").what,
    )
    changes = FactArrived(fact=ACCEPTED), FactArrived(fact=impossible), at("2026-12-01 10:00")
    docket, _ = play(empty(), *changes)
    assert levels(docket) == ["reminder", "yellow-lead"]


def test_a_new_version_of_the_rule_does_not_double_a_judgement() -> None:
    docket, _ = play(empty(), FactArrived(fact=ACCEPTED), at("2026-12-01 10:00"))
    _, events = react(docket, TermsChanged(terms=terms(WorkingDays(5), version=2)))
    assert events == ()


def test_a_step_may_be_late_though_the_case_is_in_time() -> None:
    rule = Terms(
        rule="r", version=1, clause="c", limit=WorkingDays(20), steps={"审核": WorkingDays(1)}
    )
    step = (
        fact("begun", "2026-11-24 10:00", StepStarted(step="审核")),
        fact("done", "2026-11-26 10:00", StepFinished(step="审核")),
    )
    changes = (FactArrived(fact=each) for each in (ACCEPTED, *step, decided("2026-11-27 10:00")))
    docket, _ = play(empty(rule), *changes, at("2026-12-30 10:00"))
    assert [(j.clock, j.level.value) for j in docket.standing.values()] == [
        ("step:审核", "reminder"),
        ("step:审核", "yellow"),
    ]


def test_a_step_gone_through_again_has_a_clock_of_its_own() -> None:
    rule = replace(terms(None), steps={"审核": WorkingDays(1)})
    steps = (
        fact("1", "2026-11-24 10:00", StepStarted(step="审核")),
        fact("2", "2026-11-24 11:00", StepFinished(step="审核")),
        fact("3", "2026-11-24 12:00", StepStarted(step="审核")),
    )
    changes = (FactArrived(fact=each) for each in (ACCEPTED, *steps))
    docket, _ = play(empty(rule), *changes, at("2026-11-26 10:00"))
    clocks = [(j.clock, j.level.value) for j in docket.standing.values()]
    assert ("step:审核#2", "yellow") in clocks
    assert ("step:审核", "yellow") not in clocks


def test_a_step_ends_with_its_case_at_the_latest() -> None:
    rule = replace(terms(None), steps={"审核": WorkingDays(1)})
    step = fact("1", "2026-11-24 10:00", StepStarted(step="审核"))
    changes = (FactArrived(fact=each) for each in (ACCEPTED, step, decided("2026-11-25 10:00")))
    docket, _ = play(empty(rule), *changes, at("2026-12-26 10:00"))
    assert "yellow" not in levels(docket)


def test_an_extension_of_the_case_does_not_lengthen_its_steps() -> None:
    rule = replace(terms(WorkingDays(20)), steps={"审核": WorkingDays(1)})
    step = fact("1", "2026-11-24 10:00", StepStarted(step="审核"))
    extended = fact("x", "2026-11-24 11:00", LimitExtended(by=WorkingDays(5)))
    changes = (FactArrived(fact=each) for each in (ACCEPTED, step, extended))
    docket, _ = play(empty(rule), *changes, at("2026-11-26 10:00"))
    assert "yellow" in levels(docket)


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
