"""Named rules, groups and occurrences that the tests of patterns speak in."""

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import strategies as st

from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence, Source
from services.electronic_supervision.domain.rules.demands import (
    By,
    Count,
    Demand,
    Level,
    Threshold,
)
from services.electronic_supervision.domain.rules.rule import Rule, System
from services.electronic_supervision.domain.time.moment import Moment
from tests.electronic_supervision.domain.timeline import WUHU, local

PERMITS = "/wuhu/permits"
HOUSING = Group(rule="too-many", by=By.UNIT, key="housing", unit="housing")
THREE_AND_FIVE = (
    Threshold(at_least=3, level=Level.YELLOW),
    Threshold(at_least=5, level=Level.RED),
)
FIRST_DAY = date(2026, 3, 1)


def rule(demand: Demand, *, version: int = 1, since: date = date(2020, 1, 1)) -> Rule:
    return Rule(
        id="too-many",
        version=version,
        title="转办过多",
        system=System.FIRST_RECEIVER,
        clause="首问负责制第三条",
        effective_from=since,
        demand=demand,
    )


def in_any(days: int | None, thresholds: tuple[Threshold, ...] = THREE_AND_FIVE) -> Count:
    on = ("xiaoneng.approvals.case-transferred.v1",)
    return Count(on=on, by=By.UNIT, days=days, thresholds=thresholds)


def happened(at: str, id_: str = "", *, weight: int = 1, doubt: str = "") -> Occurrence:
    """Let something happen at a local time; its id is that time unless another is given."""
    return _occurrence(id_ or at, Moment.instant(local(at)), weight, doubt)


def some_time_on(day: date, id_: str, *, weight: int = 1, doubt: str = "") -> Occurrence:
    """Let something happen on a day of which no hour is known."""
    return _occurrence(id_, Moment.day(day, WUHU), weight, doubt)


def _occurrence(id_: str, at: Moment, weight: int, doubt: str) -> Occurrence:
    return Occurrence(
        id=id_,
        at=at,
        facts=(Source(PERMITS, id_),),
        case=CaseKey(PERMITS, f"办件{id_}"),
        weight=weight,
        doubt=doubt,
    )


days_of_spring = st.integers(0, 60).map(lambda n: FIRST_DAY + timedelta(days=n))


@st.composite
def histories(draw: st.DrawFn, *, most: int = 30) -> list[Occurrence]:
    """Draw what happened in two months, some of it at known hours, some of it doubtful."""
    days = draw(st.lists(days_of_spring, max_size=most))
    return [draw(one_on(day, str(number))) for number, day in enumerate(days)]


@st.composite
def one_on(draw: st.DrawFn, day: date, id_: str) -> Occurrence:
    weight = draw(st.sampled_from([1, 1, 1, 2]))
    doubt = draw(st.sampled_from(["", "", "", "future-time"]))
    if draw(st.booleans()):
        return some_time_on(day, id_, weight=weight, doubt=doubt)
    hour = draw(st.integers(0, 23))
    return happened(f"{day} {hour:02}:59", id_, weight=weight, doubt=doubt)


def local_day(occurrence: Occurrence) -> date:
    return occurrence.at.earliest.astimezone(WUHU).date()


def among(occurrences: Iterable[Occurrence], first: date, last: date) -> list[Occurrence]:
    return [each for each in occurrences if first <= local_day(each) <= last]
