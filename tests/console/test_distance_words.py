"""The walls and lists say of a case how late it is in the very words of its own page."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.facts import Accepted, Fact
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Hours,
    Limit,
    OfficeHours,
    WorkingDays,
    measure_of,
)
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.words import conclusion
from services.electronic_supervision.pages.words import distance_words
from tests.console.test_case_days import told
from tests.electronic_supervision.domain.timeline import OFFICE, accepted, fact, local

FRIDAY = "2026-11-20 16:00"
MINUTES = st.integers(0, 40 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


LIMITS = st.one_of(
    st.integers(1, 30).map(WorkingDays),
    st.integers(1, 60).map(CalendarDays),
    st.integers(1, 5000).map(lambda minutes: OfficeHours(timedelta(minutes=minutes))),
    st.integers(1, 20000).map(lambda minutes: Hours(timedelta(minutes=minutes))),
)


def said(facts: list[Fact], limit: Limit | None, now: datetime) -> tuple[str, str]:
    """Return what the page of a case says of an open one, and what a wall does."""
    explanation = told(facts, limit, now)
    assert explanation.due is not None
    measure = measure_of(explanation.limits[-1])
    return conclusion(explanation), distance_words(explanation.due.at, measure, OFFICE, now)


@given(LIMITS, MINUTES)
def test_a_case_over_its_limit_is_as_late_on_the_wall_as_on_its_page(
    limit: Limit, later: timedelta
) -> None:
    now = local(FRIDAY) + later
    page, wall = said([accepted(FRIDAY)], limit, now)
    assert ("超期" in page or "已届满" in page) == (wall.startswith("超期") or wall == "已届满")
    if wall.startswith("超期"):
        assert page.endswith(wall)


def test_a_limit_that_a_system_states_itself_is_exceeded_by_working_days() -> None:
    due = Moment.instant(local("2026-11-20 17:00"))
    accepted_then = fact("1", FRIDAY, Accepted(unit="housing", item="permit", stated_due=due))
    page, wall = said([accepted_then], None, local("2026-11-20 18:00"))
    assert page.endswith(wall)
    assert wall == "超期不足1个工作日"
    page, wall = said([accepted_then], None, local("2026-11-24 09:00"))
    assert page.endswith(wall)
    assert wall == "超期2个工作日"


def test_no_night_counts_against_a_limit_in_office_hours() -> None:
    six = OfficeHours(timedelta(hours=6))
    page, wall = said([accepted(FRIDAY)], six, local("2026-11-24 01:30"))
    assert wall == "超期2小时"
    assert page.endswith(wall)


def test_what_is_left_is_told_as_it_is_counted() -> None:
    for limit, words in (
        (WorkingDays(3), "还剩2个工作日"),
        (CalendarDays(5), "还剩2日"),
        (OfficeHours(timedelta(hours=6)), "还剩3小时30分（办公时间）"),
        (Hours(timedelta(hours=70)), "还剩4小时"),
    ):
        _, wall = said([accepted(FRIDAY)], limit, local("2026-11-23 10:00"))
        assert wall == words, limit


def test_the_last_day_is_called_so() -> None:
    _, wall = said([accepted(FRIDAY)], WorkingDays(1), local("2026-11-23 23:59"))
    assert wall == "今日届满"
