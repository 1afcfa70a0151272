"""Which of two limits is the shorter one, as far as that is certain."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.catalogue.period import Comparison, Period, compare
from services.electronic_supervision.domain.time.count import end_of
from services.electronic_supervision.domain.time.limits import Measure
from services.electronic_supervision.domain.time.moment import Moment
from tests.electronic_supervision.domain.catalogue.items import calendar, clock, office, working
from tests.electronic_supervision.domain.timeline import OFFICE

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2026, 1, 1, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (working(7), working(7), Comparison.NOT_LONGER),
        (working(8), working(7), Comparison.LONGER),
        (calendar(7), working(7), Comparison.NOT_LONGER),
        (calendar(8), working(7), Comparison.UNCERTAIN),
        (working(10), calendar(30), Comparison.UNCERTAIN),
        (working(31), calendar(30), Comparison.LONGER),
        (clock(60), working(1), Comparison.NOT_LONGER),
        (clock(24 * 60), calendar(1), Comparison.NOT_LONGER),
        (clock(24 * 60 + 1), calendar(1), Comparison.UNCERTAIN),
        (office(60), calendar(20), Comparison.NOT_LONGER),
        (office(390), working(1), Comparison.NOT_LONGER),
        (office(391), working(1), Comparison.UNCERTAIN),
        (office(781), working(1), Comparison.LONGER),
        (clock(60), office(60), Comparison.NOT_LONGER),
        (office(60), clock(60), Comparison.UNCERTAIN),
        (office(61), clock(60), Comparison.LONGER),
        (working(1), clock(60), Comparison.UNCERTAIN),
    ],
)
def test_limits_are_compared_only_where_the_answer_is_the_same_on_every_day(
    one: Period, other: Period, expected: Comparison
) -> None:
    assert compare(one, other) is expected


PERIODS = st.one_of(
    st.builds(working, st.integers(1, 12)),
    st.builds(calendar, st.integers(1, 20)),
    st.builds(office, st.integers(1, 3000)),
    st.builds(clock, st.integers(1, 20_000)),
)


def end(period: Period, start: datetime) -> datetime:
    due = end_of(period.limit, Moment.instant(start), (), OFFICE)
    assert due is not None
    return due.at


@given(PERIODS, PERIODS, st.integers(0, 330 * 24 * 60))
def test_what_is_certain_of_two_limits_is_so_by_the_arithmetic_of_time(
    one: Period, other: Period, minutes: int
) -> None:
    start = FIRST + timedelta(minutes=minutes)
    match compare(one, other):
        case Comparison.NOT_LONGER:
            assert end(one, start) <= end(other, start)
        case Comparison.LONGER:
            assert end(one, start) >= end(other, start)
        case Comparison.UNCERTAIN:
            pass


@pytest.mark.parametrize("measure", Measure)
def test_each_measure_leads_to_a_limit_of_its_own(measure: Measure) -> None:
    limits = {Period(amount=90, measure=each).limit for each in Measure}
    assert len(limits) == len(Measure)
    assert not Period(amount=0, measure=measure).is_in_reach
    assert Period(amount=3650, measure=measure).is_in_reach


def test_days_end_after_ten_years() -> None:
    assert not working(3651).is_in_reach
    assert clock(3650 * 24 * 60).is_in_reach
