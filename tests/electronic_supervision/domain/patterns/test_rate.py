"""Shares that stand out: never on few cases, rarely by chance, once while they last."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.electronic_supervision.domain.patterns.chance import Tally, wilson
from services.electronic_supervision.domain.patterns.comparison import Yardstick, outliers
from services.electronic_supervision.domain.patterns.finding import PatternFinding
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence, Source
from services.electronic_supervision.domain.patterns.rate import rates
from services.electronic_supervision.domain.patterns.reach import Days, reach_of
from services.electronic_supervision.domain.rules.demands import By, Expression, Level, Rate
from services.electronic_supervision.domain.time.moment import Moment
from tests.electronic_supervision.domain.patterns.happenings import FIRST_DAY, among, rule
from tests.electronic_supervision.domain.timeline import OFFICE, WUHU

AGAINST_OTHERS = Yardstick(least=30, confidence=0.99, baseline=None)
AGAINST_A_FIFTH = Yardstick(least=30, confidence=0.99, baseline=0.2)
Groups = Mapping[Group, Sequence[Occurrence]]


def unit(name: str) -> Group:
    return Group("too-many", By.UNIT, name, name)


def even(units: int, tally: Tally) -> dict[Group, Tally]:
    return {unit(f"unit-{n:02}"): tally for n in range(units)}


def test_who_refuses_far_more_often_than_the_others_stands_out() -> None:
    [out] = outliers({**even(9, Tally(10, 100)), unit("housing"): Tally(40, 100)}, AGAINST_OTHERS)
    assert (out.group, out.baseline, out.compared) == (unit("housing"), 0.1, 10)
    assert out.interval.low > out.baseline
    assert out.interval == wilson(Tally(40, 100), out.confidence)
    assert out.confidence > 0.99, "the interval is widened by the number compared"


def test_a_unit_is_not_among_those_it_is_held_against() -> None:
    tallies = {unit("housing"): Tally(300, 300), unit("planning"): Tally(30, 300)}
    [out] = outliers(tallies, AGAINST_OTHERS)
    assert (out.baseline, out.others) == (0.1, Tally(30, 300))


@pytest.mark.parametrize("of", range(1, 30))
def test_nobody_is_named_on_less_than_the_least_sample(of: int) -> None:
    few = {**even(9, Tally(0, 1000)), unit("housing"): Tally(of, of)}
    assert not outliers(few, AGAINST_OTHERS)
    assert not outliers({unit("housing"): Tally(of, of)}, AGAINST_A_FIFTH)


def test_nobody_is_held_against_hardly_anybody() -> None:
    assert not outliers(
        {unit("housing"): Tally(100, 100), unit("planning"): Tally(0, 29)}, AGAINST_OTHERS
    )
    assert not outliers({unit("housing"): Tally(100, 100)}, AGAINST_OTHERS)


def test_one_hit_where_the_others_have_none_is_chance() -> None:
    """The interval lies above nothing at all; the exact sum knows better."""
    assert not outliers({**even(9, Tally(0, 40)), unit("housing"): Tally(1, 40)}, AGAINST_OTHERS)


def test_two_of_thirty_are_chance_where_one_of_a_hundred_is_expected() -> None:
    """The interval says otherwise, but it is rough where so little is expected."""
    one_percent = Yardstick(least=30, confidence=0.99, baseline=0.01)
    assert wilson(Tally(2, 30), 0.99).low > 0.01
    assert not outliers({unit("housing"): Tally(2, 30)}, one_percent)
    assert outliers({unit("housing"): Tally(4, 30)}, one_percent)


def test_what_stands_out_alone_may_not_among_many() -> None:
    conspicuous = {unit("housing"): Tally(33, 100)}
    assert outliers(conspicuous, AGAINST_A_FIFTH)
    assert not outliers({**conspicuous, **even(99, Tally(20, 100))}, AGAINST_A_FIFTH)


def test_among_even_units_hardly_any_is_ever_named() -> None:
    """Fifty units with one true share, compared 400 times: at most half a percent of rounds."""
    random = Random(6)
    named = sum(
        bool(
            outliers(
                {
                    group: Tally(sum(random.random() < 0.15 for _ in range(60)), 60)
                    for group in even(50, Tally(0, 0))
                },
                yardstick,
            )
        )
        for _ in range(200)
        for yardstick in (AGAINST_OTHERS, Yardstick(least=30, confidence=0.99, baseline=0.15))
    )
    assert named <= 6


@given(
    st.dictionaries(
        st.sampled_from([unit(name) for name in "abcdefgh"]),
        st.integers(0, 80).flatmap(lambda of: st.integers(0, of).map(lambda hits: Tally(hits, of))),
    ),
    st.sampled_from([AGAINST_OTHERS, AGAINST_A_FIFTH]),
    st.randoms(),
)
def test_whoever_is_named_lies_above_with_the_whole_interval(
    tallies: dict[Group, Tally], yardstick: Yardstick, random: Random
) -> None:
    named = outliers(tallies, yardstick)
    for each in named:
        assert each.tally.of >= yardstick.least
        assert each.interval.low > each.baseline - 1e-9
    shuffled = list(tallies.items())
    random.shuffle(shuffled)
    assert outliers(dict(shuffled), yardstick) == named


def refusals(days: int, *, least: int = 10, baseline: float | None = None) -> Rate:
    is_refused = Expression(text="fact.outcome == 'refused'", names=frozenset(), value=bool)
    return Rate(
        on=("xiaoneng.approvals.case-decided.v1",),
        when=is_refused,
        by=By.UNIT,
        days=days,
        level=Level.LEAD,
        least=least,
        confidence=0.9,
        baseline=baseline,
    )


def decided(group: Group, day: date, number: int, *, hit: bool) -> Occurrence:
    id_ = f"{group.key}/{day}/{number}"
    return Occurrence(
        id=id_, at=Moment.day(day, WUHU), facts=(Source("/wuhu/permits", id_),), hit=hit
    )


def daily(group: Group, first: int, last: int, *, refused: int, of: int = 5) -> list[Occurrence]:
    days = (FIRST_DAY + timedelta(days=n) for n in range(first, last + 1))
    return [decided(group, day, n, hit=n < refused) for day in days for n in range(of)]


HOUSING, PLANNING = unit("housing"), unit("planning")
SPRING = Days(FIRST_DAY, FIRST_DAY + timedelta(days=60))


def found(groups: Groups, demand: Rate, told: Days = SPRING) -> tuple[PatternFinding, ...]:
    return rates(rule(demand), demand, groups, OFFICE, told)


def test_a_state_that_lasts_is_told_once_and_again_only_after_a_pause() -> None:
    bad_twice = [
        *daily(HOUSING, 0, 20, refused=5),
        *daily(HOUSING, 21, 40, refused=0),
        *daily(HOUSING, 41, 60, refused=5),
    ]
    groups = {HOUSING: bad_twice, PLANNING: daily(PLANNING, 0, 60, refused=1)}
    first, second = (each for each in found(groups, refusals(7)) if each.group == HOUSING)
    assert first.day < FIRST_DAY + timedelta(days=7)
    assert second.day > FIRST_DAY + timedelta(days=40)
    assert first.at == first.window_until == OFFICE.midnight(first.day + timedelta(days=1))
    assert first.figures["low"] > first.figures["expected"]
    assert all(each.id.startswith("housing") for each in first.counted)


def test_nothing_from_before_the_rule_is_in_a_share() -> None:
    demand = refusals(7, baseline=0.2)
    young = rule(demand, since=FIRST_DAY + timedelta(days=10))
    assert not rates(young, demand, {HOUSING: daily(HOUSING, 0, 10, refused=5)}, OFFICE, SPRING)


def test_what_cannot_be_true_is_in_no_share() -> None:
    doubtful = [
        Occurrence(id=each.id, at=each.at, facts=each.facts, doubt="future-time")
        for each in daily(HOUSING, 0, 20, refused=5)
    ]
    assert found({HOUSING: daily(HOUSING, 0, 20, refused=5)}, refusals(7, baseline=0.2))
    assert not found({HOUSING: doubtful}, refusals(7, baseline=0.2))


@given(
    st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=20, max_size=80),
    st.integers(0, 40),
    st.sampled_from([None, 0.3]),
    st.randoms(),
)
@settings(max_examples=40)
def test_a_late_fact_changes_only_what_is_in_its_reach(
    told: list[tuple[int, bool]], late: int, baseline: float | None, random: Random
) -> None:
    demand = refusals(7, least=5, baseline=baseline)
    history = [
        decided((HOUSING, PLANNING)[n % 2], FIRST_DAY + timedelta(days=day), n, hit=hit)
        for n, (day, hit) in enumerate(told)
    ]
    day = FIRST_DAY + timedelta(days=late)
    more = [*history, *(decided(HOUSING, day, n, hit=True) for n in range(900, 906))]
    random.shuffle(more)

    def split(all_of_them: Sequence[Occurrence]) -> Groups:
        return {
            group: [each for each in all_of_them if each.id.startswith(group.key)]
            for group in (HOUSING, PLANNING)
        }

    reach = reach_of(7, Days(day, day))
    told_days = Days(reach.told.first, min(reach.told.last, SPRING.last))
    loaded = split(among(more, *reach.load))
    kept = [each for each in found(split(history), demand) if not reach.told.include(each.day)]
    assert {*kept_ids(kept), *kept_ids(found(loaded, demand, told_days))} == kept_ids(
        found(split(more), demand)
    )


def kept_ids(findings: Sequence[PatternFinding]) -> set[str]:
    return {each.id for each in findings}


def test_looking_every_day_for_a_year_hardly_names_even_units() -> None:
    """What looking daily costs: see the decision on patterns."""
    random = Random(7)
    groups = {
        unit(f"unit-{n:02}"): [
            decided(
                unit(f"unit-{n:02}"), FIRST_DAY + timedelta(days=day), k, hit=random.random() < 0.2
            )
            for day in range(365)
            for k in range(2)
        ]
        for n in range(20)
    }
    demand = Rate(
        on=(), when=refusals(7).when, by=By.UNIT, days=90, level=Level.LEAD, baseline=None
    )
    year = Days(FIRST_DAY, FIRST_DAY + timedelta(days=364))
    assert len(rates(rule(demand), demand, groups, OFFICE, year)) <= 2


def test_a_state_that_was_told_is_not_told_again_when_only_later_days_are_looked_at() -> None:
    demand = refusals(7, baseline=0.2)
    groups = {HOUSING: daily(HOUSING, 0, 20, refused=5)}
    [first] = found(groups, demand)
    assert not found(groups, demand, Days(first.day + timedelta(days=1), SPRING.last))


def test_a_state_that_flickers_is_told_once() -> None:
    history = [
        *daily(HOUSING, 0, 2, refused=4),
        *daily(HOUSING, 3, 3, refused=0, of=100),
        *daily(HOUSING, 5, 5, refused=100, of=100),
    ]
    yardstick = Yardstick(least=10, confidence=0.9, baseline=0.2)
    out = [
        number
        for number in range(6)
        if outliers({HOUSING: _tally(among(history, _day(0), _day(number)))}, yardstick)
    ]
    assert out == [1, 2, 5], "the history has to flicker"
    week = Days(_day(0), _day(5))
    assert len(found({HOUSING: history}, refusals(7, baseline=0.2), week)) == 1


def _day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number)


def _tally(occurrences: Sequence[Occurrence]) -> Tally:
    return Tally(sum(each.hit for each in occurrences), len(occurrences))


def test_a_retired_version_tells_nothing_more() -> None:
    demand = refusals(7, baseline=0.2)
    groups = {HOUSING: daily(HOUSING, 0, 20, refused=5)}
    [first] = found(groups, demand)
    retired = replace(rule(demand), effective_until=first.day)
    assert not rates(retired, demand, groups, OFFICE, SPRING)
