"""What is missed: when it is told, when it is over, and when nothing may be said."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.patterns.absence import (
    Absences,
    Gap,
    Presence,
    absences,
    gaps,
)
from services.electronic_supervision.domain.patterns.occurrence import Group
from services.electronic_supervision.domain.rules.demands import Absence, Absent, By, Level
from services.electronic_supervision.domain.time.limits import (
    Hours,
    Limit,
    OfficeHours,
    WorkingDays,
)
from tests.electronic_supervision.domain.patterns.happenings import happened, rule
from tests.electronic_supervision.domain.timeline import OFFICE, local

SOURCE = Group(rule="too-many", by=By.SOURCE, key="permits")
ADMITTED = local("2026-11-02 09:00")  # a Monday
TWO_OFFICE_HOURS = OfficeHours(timedelta(hours=2))


def silence(
    after: Limit, words: Iterable[str], now: str, *, level: Level = Level.YELLOW
) -> Absences:
    demand = Absence(of=Absent.SOURCE, after=after, level=level)
    heard = [Presence(local(at), local(at), happened(at)) for at in words]
    return absences(rule(demand), demand, SOURCE, gaps(heard, ADMITTED), OFFICE, local(now))


def test_a_source_is_missed_when_its_limit_has_passed_in_office_hours() -> None:
    words = ["2026-11-02 11:00"]
    early = silence(TWO_OFFICE_HOURS, words, "2026-11-02 15:00")
    assert (early.missed, early.next_at) == ((), local("2026-11-02 15:00"))
    told = silence(TWO_OFFICE_HOURS, words, "2026-11-02 15:01")
    [missed] = told.missed
    assert missed.over_at is None
    assert (missed.finding.at, missed.finding.window_from) == (
        local("2026-11-02 15:00"),
        local("2026-11-02 11:00"),
    )
    assert [fact.id for fact in missed.finding.facts] == ["2026-11-02 11:00"]


def test_nobody_misses_a_source_over_the_weekend() -> None:
    friday = ["2026-11-02 10:00", "2026-11-06 17:00"]
    told = silence(TWO_OFFICE_HOURS, friday, "2026-11-09 10:00")
    assert [each.finding.window_from for each in told.missed] == [local("2026-11-02 10:00")]
    assert told.next_at == local("2026-11-09 10:30")


def test_a_word_ends_the_absence_and_leaves_its_id() -> None:
    before = silence(TWO_OFFICE_HOURS, ["2026-11-02 11:00"], "2026-11-03 10:00")
    after = silence(TWO_OFFICE_HOURS, ["2026-11-02 11:00", "2026-11-03 09:30"], "2026-11-03 10:00")
    assert [each.finding for each in after.missed] == [each.finding for each in before.missed]
    assert after.missed[0].over_at == local("2026-11-03 09:30")


def test_a_word_within_the_limit_leaves_nothing_to_tell() -> None:
    hourly = [f"2026-11-02 {hour:02}:00" for hour in (10, 11, 14, 15, 16)]
    assert not silence(TWO_OFFICE_HOURS, hourly, "2026-11-02 17:00").missed


def test_a_source_that_never_spoke_is_missed_since_it_was_admitted() -> None:
    [missed] = silence(TWO_OFFICE_HOURS, [], "2026-11-03 10:00").missed
    assert missed.finding.window_from == ADMITTED
    assert not missed.finding.facts


def test_nothing_is_told_of_what_has_not_been_heard_through() -> None:
    words = ["2026-11-02 11:00", "2026-11-05 11:00"]
    told = silence(TWO_OFFICE_HOURS, words, "2026-11-03 10:00")
    assert told.missed[0].over_at is None, "the word of the 5th was not heard on the 3rd"


def test_a_limit_in_days_nobody_has_settled_makes_a_lead() -> None:
    begin = local("2026-12-20 10:00")
    demand = Absence(of=Absent.GUIDE, after=WorkingDays(30), level=Level.YELLOW)
    gap = Gap(begin, None)
    [missed] = absences(
        rule(demand), demand, SOURCE, [gap], OFFICE, local("2027-03-20 10:00")
    ).missed
    assert missed.finding.withheld == "provisional-date"
    sure = Absence(of=Absent.GUIDE, after=WorkingDays(3), level=Level.YELLOW)
    [card] = absences(rule(sure), sure, SOURCE, [gap], OFFICE, local("2027-03-20 10:00")).missed
    assert card.finding.withheld == ""
    assert card.finding.id != missed.finding.id


def test_a_post_is_manned_while_one_of_a_and_b_is_there() -> None:
    a_there = Presence(local("2026-11-02 09:00"), local("2026-11-04 09:00"))
    b_there = Presence(local("2026-11-03 09:00"), local("2026-11-06 09:00"))
    a_back = Presence(local("2026-11-09 09:00"), None)
    assert list(gaps([a_back, b_there, a_there], ADMITTED)) == [
        Gap(local("2026-11-06 09:00"), local("2026-11-09 09:00"))
    ]


def test_what_was_missing_before_the_rule_counts_from_its_first_day() -> None:
    demand = Absence(of=Absent.SOURCE, after=Hours(timedelta(hours=5)), level=Level.RED)
    young = rule(demand, since=date(2026, 11, 10))
    [missed] = absences(
        young, demand, SOURCE, [Gap(ADMITTED, None)], OFFICE, local("2026-11-20 00:00")
    ).missed
    assert missed.finding.window_from == local("2026-11-10 00:00")
    over = Gap(ADMITTED, local("2026-11-09 00:00"))
    assert not absences(young, demand, SOURCE, [over], OFFICE, local("2026-11-20 00:00")).missed
    retired = replace(young, effective_until=date(2026, 11, 2), effective_from=date(2026, 1, 1))
    assert not absences(
        retired, demand, SOURCE, [Gap(ADMITTED, None)], OFFICE, local("2026-11-20 00:00")
    ).missed


@pytest.mark.parametrize("begin", ["0001-01-02 00:00", "9999-12-30 00:00"])
def test_a_begin_that_nobody_can_mean_is_told_of_by_nobody(begin: str) -> None:
    demand = Absence(of=Absent.FILING, after=WorkingDays(5), level=Level.RED)
    odd = rule(demand, since=date.min)
    gap = Gap(datetime.fromisoformat(f"{begin}+00:00"), None)
    told = absences(odd, demand, SOURCE, [gap], OFFICE, datetime.fromisoformat("9999-12-31T00:00Z"))
    assert not told.missed


hours = st.integers(0, 60).map(lambda n: ADMITTED + timedelta(hours=n))


@st.composite
def stays(draw: st.DrawFn) -> Presence:
    begin = draw(hours)
    return Presence(begin, draw(st.one_of(st.none(), hours.map(lambda end: max(begin, end)))))


@given(st.lists(stays(), max_size=6), st.one_of(st.none(), hours))
def test_gaps_are_exactly_the_hours_in_which_nothing_was_there(
    present: list[Presence], until: datetime | None
) -> None:
    empty = list(gaps(present, ADMITTED, until))
    for number in range(70):
        at = ADMITTED + timedelta(hours=number, minutes=30)
        there = any(each.begin <= at and (each.end is None or at < each.end) for each in present)
        expected = not there and (until is None or at < until)
        is_in = [each for each in empty if each.begin <= at and (each.end is None or at < each.end)]
        assert len(is_in) == int(expected), at
    assert empty == list(gaps(reversed(present), ADMITTED, until))
