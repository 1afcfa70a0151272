"""What a group with a long history costs."""

from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter

from services.electronic_supervision.domain.patterns.count import count
from services.electronic_supervision.domain.patterns.occurrence import Occurrence, Source
from services.electronic_supervision.domain.patterns.reach import Days, reach_of
from services.electronic_supervision.domain.time.moment import Moment
from tests.electronic_supervision.domain.patterns.happenings import (
    HOUSING,
    among,
    in_any,
    local_day,
    rule,
)
from tests.electronic_supervision.domain.timeline import OFFICE, local

TEN_YEARS = timedelta(days=3650)
MANY = 100_000


def history() -> Iterator[Occurrence]:
    begin, step = local("2016-01-01 00:00"), TEN_YEARS / MANY
    for number in range(MANY):
        yield Occurrence(
            id=str(number),
            at=Moment.instant(begin + number * step),
            facts=(Source("/wuhu/permits", str(number)),),
        )


def test_a_hundred_thousand_occurrences_are_counted_in_well_under_a_second() -> None:
    """Measured 0.4 s; ten times that is allowed, so that a busy machine fails nothing."""
    everything = list(history())
    demand = in_any(30)
    begin = perf_counter()
    count(rule(demand, since=local_day(everything[0])), demand, HOUSING, everything, OFFICE)
    assert perf_counter() - begin < 4


def test_one_more_costs_a_window_and_not_the_history() -> None:
    everything = list(history())
    a_day = local_day(everything[MANY // 2])
    loaded = among(everything, *reach_of(30, Days(a_day, a_day)).load)
    a_window = MANY * 30 / TEN_YEARS.days
    assert len(loaded) < 4 * a_window
