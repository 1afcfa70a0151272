"""Office time between two instants."""

from datetime import datetime, timedelta

from hypothesis import given

from services.electronic_supervision.domain.time.count import end_of
from services.electronic_supervision.domain.time.limits import OfficeHours
from services.electronic_supervision.domain.time.moment import Moment
from tests.electronic_supervision.domain.timeline import OFFICE, instants, local


@given(instants, instants, instants)
def test_stretches_of_office_time_add_up(one: datetime, two: datetime, three: datetime) -> None:
    begin, middle, end = sorted((one, two, three))
    whole = OFFICE.worked(begin, end)
    assert whole == OFFICE.worked(begin, middle) + OFFICE.worked(middle, end)
    assert OFFICE.worked(end, begin) == timedelta()


@given(instants, instants)
def test_a_limit_of_that_much_office_time_ends_no_later(one: datetime, two: datetime) -> None:
    begin, end = sorted((one, two))
    worked = OFFICE.worked(begin, end)
    if worked:
        due = end_of(OfficeHours(worked), Moment.instant(begin), (), OFFICE)
        assert due is not None
        assert due.at <= end
        assert OFFICE.worked(due.at, end) == timedelta()


def test_a_weekend_and_a_lunch_are_no_office_time() -> None:
    assert OFFICE.worked(local("2026-11-20 17:00"), local("2026-11-23 14:30")) == timedelta(hours=4)
