"""What a case shows of each tactic, and that it is a lead for people and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from services.electronic_supervision.domain.case import Mark, fold
from services.electronic_supervision.domain.clocks import course
from services.electronic_supervision.domain.facts import Decided, Delivered, Fact, LimitExtended
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence
from services.electronic_supervision.domain.patterns.reach import Days
from services.electronic_supervision.domain.patterns.tactics.honest_clock import (
    honest_clocks,
    observe,
)
from services.electronic_supervision.domain.patterns.tactics.observation import Seen
from services.electronic_supervision.domain.patterns.telling import tell
from services.electronic_supervision.domain.rules.demands import By, HonestClock, Level, Tactic
from services.electronic_supervision.domain.standing import standing
from services.electronic_supervision.domain.time.limits import Limit, WorkingDays
from services.electronic_supervision.domain.time.moment import Moment
from tests.electronic_supervision.domain.patterns.happenings import FIRST_DAY, PERMITS, rule
from tests.electronic_supervision.domain.timeline import (
    OFFICE,
    WUHU,
    accepted,
    decided,
    fact,
    histories,
    local,
    paused,
    resumed,
    total_clock,
)

TEN_DAYS = WorkingDays(10)  # accepted on Monday 2 March: due at the end of Monday the 16th
ACCEPTED = accepted("2026-03-02 10:00")
HEARING_AT_LAST = paused("2026-03-13 16:00")


def seen(*facts: Fact, limit: Limit = TEN_DAYS, number: str = "办件1") -> Seen:
    total = total_clock(facts, limit)
    return Seen(
        key=CaseKey(PERMITS, number),
        case=fold(facts),
        facts=standing(facts),
        total=total,
        course=course(total, OFFICE),
        closings=tuple(
            Mark(at=each.at, fact=each.id) for each in facts if isinstance(each.what, Decided)
        ),
        office=OFFICE,
    )


def marks(*times: str) -> tuple[Mark, ...]:
    return tuple(Mark(at=Moment.instant(local(at)), fact=at) for at in times)


def hit(tactic: Tactic, of: Seen) -> bool | None:
    occurrence = observe(tactic, of)
    return None if occurrence is None else occurrence.hit


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-04 10:00", False),
        ("2026-03-12 16:00", False),  # two working days and a bit are more than a fifth
        ("2026-03-13 16:00", True),
        ("2026-03-16 17:00", True),
        ("2026-03-17 10:00", None),  # the limit has passed
    ],
)
def test_a_pause_is_suspicious_when_a_fifth_of_the_limit_is_left(
    at: str, expected: bool | None
) -> None:
    assert hit(Tactic.PAUSES_BEFORE_LIMIT, seen(ACCEPTED, paused(at))) is expected


def test_an_earlier_pause_or_extension_moves_the_limit_a_later_pause_is_held_against() -> None:
    week = paused("2026-03-03 10:00"), resumed("2026-03-10 10:00")
    late = paused("2026-03-13 16:00", pause="2")
    assert hit(Tactic.PAUSES_BEFORE_LIMIT, seen(ACCEPTED, *week, late)) is False
    longer = fact("extended", "2026-03-10 10:00", LimitExtended(by=WorkingDays(10)))
    assert hit(Tactic.PAUSES_BEFORE_LIMIT, seen(ACCEPTED, longer, HEARING_AT_LAST)) is False
    [found] = [observe(Tactic.PAUSES_BEFORE_LIMIT, seen(ACCEPTED, HEARING_AT_LAST))]
    assert found is not None
    assert [each.id for each in found.facts] == ["paused-1"]


def test_time_paused_before_is_no_part_of_the_limit() -> None:
    """Ten days of limit and a month of hearing: two days and a half left are more than a fifth."""
    month = paused("2026-03-03 10:00"), resumed("2026-04-03 10:00")
    limit_ends = seen(ACCEPTED, *month).course
    assert limit_ends is not None
    assert limit_ends.due is not None
    left = OFFICE.calendar.nth_working_day_before(limit_ends.due.on, 3)
    late = paused(f"{left} 10:00", pause="2")
    assert hit(Tactic.PAUSES_BEFORE_LIMIT, seen(ACCEPTED, *month, late)) is False


def test_an_extension_given_after_the_pause_does_not_excuse_it() -> None:
    longer = fact("extended", "2026-03-14 10:00", LimitExtended(by=WorkingDays(10)))
    assert hit(Tactic.PAUSES_BEFORE_LIMIT, seen(ACCEPTED, HEARING_AT_LAST, longer)) is True


def test_the_doubts_of_a_case_go_along() -> None:
    odd = seen(ACCEPTED, resumed("2026-03-04 10:00"), decided("2026-03-10 10:00"))
    occurrence = observe(Tactic.CLOSURES_ON_LIMIT, odd)
    assert occurrence is not None
    assert occurrence.doubt == "resumed-without-pause"


def test_a_case_without_pauses_is_not_looked_at_for_pauses() -> None:
    assert hit(Tactic.PAUSES_BEFORE_LIMIT, seen(ACCEPTED, decided("2026-03-10 10:00"))) is None


@pytest.mark.parametrize(
    ("at", "expected"),
    [("2026-03-13 10:00", False), ("2026-03-16 10:00", True), ("2026-03-17 10:00", None)],
)
def test_an_end_on_the_last_day_is_a_hit_and_a_late_one_not_looked_at(
    at: str, expected: bool | None
) -> None:
    assert hit(Tactic.CLOSURES_ON_LIMIT, seen(ACCEPTED, decided(at))) is expected


def test_a_limit_of_one_day_has_no_last_day_to_wait_for() -> None:
    one = seen(ACCEPTED, decided("2026-03-03 10:00"), limit=WorkingDays(1))
    assert hit(Tactic.CLOSURES_ON_LIMIT, one) is None


def recorded(what: Fact, at: str) -> Fact:
    return Fact(id=what.id, at=what.at, recorded_at=local(at), what=what.what)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-05 18:00", False),  # three working days later
        ("2026-03-06 08:00", True),
    ],
)
def test_what_is_entered_more_than_three_working_days_later_is_a_hit(
    at: str, expected: bool
) -> None:
    case = seen(recorded(ACCEPTED, at), decided("2026-03-10 10:00"))
    assert hit(Tactic.LATE_RECORDING, case) is expected


def test_a_weekend_excuses_the_record_and_a_correction_is_not_looked_at() -> None:
    friday = recorded(accepted("2026-03-06 16:00"), "2026-03-11 10:00")
    assert hit(Tactic.LATE_RECORDING, seen(friday, decided("2026-03-11 12:00"))) is False
    right = Fact(
        id="right",
        at=ACCEPTED.at,
        recorded_at=local("2026-03-20 10:00"),
        what=ACCEPTED.what,
        corrects="accepted",
    )
    assert hit(Tactic.LATE_RECORDING, seen(ACCEPTED, right, decided("2026-03-10 10:00"))) is False
    assert hit(Tactic.LATE_RECORDING, seen(ACCEPTED)) is None


def test_a_day_of_unknown_hour_is_recorded_from_its_end() -> None:
    day = Fact(
        id="delivered",
        at=Moment.day(local("2026-03-10 10:00").date(), WUHU),
        recorded_at=local("2026-03-13 10:00"),
        what=Delivered(),
    )
    assert hit(Tactic.LATE_RECORDING, seen(ACCEPTED, day)) is False


def with_marks(*, asked: tuple[str, ...] = (), reopened: tuple[str, ...] = ()) -> Seen:
    facts = ACCEPTED, decided("2026-03-10 10:00")
    return Seen(
        key=CaseKey(PERMITS, "办件1"),
        case=fold(facts),
        supplements=marks(*asked),
        closings=marks("2026-03-10 10:00"),
        reopenings=marks(*reopened),
        office=OFFICE,
    )


def test_a_second_request_on_another_day_is_a_hit() -> None:
    one_day = with_marks(asked=("2026-03-03 10:00", "2026-03-03 15:00"))
    assert hit(Tactic.REPEATED_SUPPLEMENTS, one_day) is False
    two_days = with_marks(asked=("2026-03-03 10:00", "2026-03-04 09:00"))
    assert hit(Tactic.REPEATED_SUPPLEMENTS, two_days) is True
    assert hit(Tactic.REPEATED_SUPPLEMENTS, with_marks()) is None


@pytest.mark.parametrize(
    ("at", "expected"),
    [("2026-03-09 10:00", False), ("2026-03-12 10:00", True), ("2026-04-10 10:00", False)],
)
def test_a_reopening_soon_after_the_closing_is_a_hit(at: str, expected: bool) -> None:
    assert hit(Tactic.CLOSE_AND_REOPEN, with_marks(reopened=(at,))) is expected


def test_a_case_never_closed_is_not_looked_at_for_reopening() -> None:
    assert hit(Tactic.CLOSE_AND_REOPEN, seen(ACCEPTED)) is None


@given(histories())
def test_every_case_can_be_observed_whatever_it_went_through(facts: list[Fact]) -> None:
    whole = seen(*facts)
    for tactic in Tactic:
        occurrence = observe(tactic, whole)
        assert occurrence is None or occurrence.case == whole.key
    assert (observe(Tactic.LATE_RECORDING, whole) is None) == (whole.case.ended is None)


HOUSING = Group("too-many", By.UNIT, "housing", "housing")


def ends(*, on_the_last_day: int, of: int) -> list[Occurrence]:
    found = []
    for number in range(of):
        at = "2026-03-16 10:00" if number < on_the_last_day else "2026-03-05 10:00"
        occurrence = observe(
            Tactic.CLOSURES_ON_LIMIT, seen(ACCEPTED, decided(at), number=f"办件{number:03}")
        )
        assert occurrence is not None
        found.append(occurrence)
    return found


CLUSTERED = HonestClock(tactic=Tactic.CLOSURES_ON_LIMIT, days=90, expected=0.3)
SPRING = Days(FIRST_DAY, FIRST_DAY + timedelta(days=60))


def test_a_tactic_that_stands_out_is_a_lead_with_numbers_and_uncertainty() -> None:
    groups = {HOUSING: ends(on_the_last_day=30, of=40)}
    [lead] = honest_clocks(rule(CLUSTERED), CLUSTERED, groups, OFFICE, SPRING)
    assert (lead.level, lead.withheld, lead.day) == (
        Level.LEAD,
        "",
        local("2026-03-16 10:00").date(),
    )
    assert lead.at == datetime(2026, 3, 16, 16, tzinfo=UTC), "where the local day ends"
    text = tell(lead, WUHU, "市住建局")
    assert (
        "市住建局近90日内按期办结的办件40件，其中30件在时限最后一日办结，"
        "占75%（99%置信区间54.7%至88.2%），高于对照的30%；请核查，不据此发牌"
    ) in text
    assert "办件 办件029　时限10个工作日　余0个工作日" in text


def test_what_may_well_be_chance_or_is_too_little_is_no_lead() -> None:
    may_be = {HOUSING: ends(on_the_last_day=16, of=40)}
    too_few = {HOUSING: ends(on_the_last_day=29, of=29)}
    for groups in (may_be, too_few):
        assert not honest_clocks(rule(CLUSTERED), CLUSTERED, groups, OFFICE, SPRING)
