"""Runs of too many: the same for any order, told once, told without the whole history."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.electronic_supervision.domain.patterns.count import Step, count, steps
from services.electronic_supervision.domain.patterns.finding import PatternFinding, differences
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence
from services.electronic_supervision.domain.patterns.reach import EVER, Days, reach_of
from services.electronic_supervision.domain.rules.demands import By, Expression, Level, Threshold
from tests.electronic_supervision.domain.patterns.happenings import (
    FIRST_DAY,
    HOUSING,
    among,
    days_of_spring,
    happened,
    histories,
    in_any,
    local_day,
    one_on,
    rule,
    some_time_on,
)
from tests.electronic_supervision.domain.timeline import OFFICE, local

windows = st.sampled_from([1, 2, 7, 30])
Run = tuple[str, date, bool]
AT_LEAST = {"yellow": 3, "red": 5}


def found(
    occurrences: Iterable[Occurrence], days: int | None = 30, told: Days = EVER
) -> tuple[PatternFinding, ...]:
    demand = in_any(days)
    return count(rule(demand), demand, HOUSING, occurrences, OFFICE, told=told)


def runs(findings: Iterable[PatternFinding]) -> set[Run]:
    return {(each.level.value, each.day, bool(each.withheld)) for each in findings}


def through(occurrences: Iterable[Occurrence], day: date, days: int) -> int:
    first = day - timedelta(days=days - 1)
    return sum(each.weight for each in occurrences if first <= local_day(each) <= day)


def full_days(occurrences: Iterable[Occurrence], days: int, at_least: int) -> list[date]:
    """Walk through every day and every occurrence."""
    everything = list({each.id: each for each in occurrences}.values())
    spring = (FIRST_DAY + timedelta(days=n) for n in range(-1, 70))
    return [
        day
        for day in spring
        if any(local_day(each) == day for each in everything)
        and through(everything, day, days) >= at_least
    ]


def firsts(full: Iterable[date], days: int) -> set[date]:
    return {
        day
        for day in full
        if not any(timedelta() < day - other < timedelta(days=days) for other in full)
    }


def by_hand(occurrences: Iterable[Occurrence], days: int) -> set[Run]:
    everything = list({each.id: each for each in occurrences}.values())
    sure = [each for each in everything if not each.doubt]
    told: set[Run] = set()
    for level, at_least in AT_LEAST.items():
        cards = firsts(full_days(sure, days, at_least), days)
        suspected = firsts(full_days(everything, days, at_least), days)
        told |= {(level, day, False) for day in cards}
        told |= {(level, day, True) for day in suspected if through(sure, day, days) < at_least}
    return told


@given(histories(), windows, st.randoms())
def test_shuffled_and_doubled_occurrences_are_counted_as_by_hand(
    history: list[Occurrence], days: int, random: Random
) -> None:
    shuffled = [*history, *history[::2]]
    random.shuffle(shuffled)
    assert runs(found(shuffled, days)) == by_hand(history, days)
    assert found(shuffled, days) == found(history, days), "another order tells something else"


@given(histories(), windows, st.data())
def test_one_more_occurrence_never_lowers_a_level_in_its_run(
    history: list[Occurrence], days: int, data: st.DataObject
) -> None:
    more = [*history, data.draw(one_on(data.draw(days_of_spring), "more"))]
    after = by_hand(more, days)
    assert runs(found(more, days)) == after
    for level, day, withheld in runs(found(history, days)):
        counting = more if withheld else [each for each in more if not each.doubt]
        full = full_days(counting, days, AT_LEAST[level])
        begin = max(each for each in firsts(full, days) if each <= day)
        assert day in full, f"{day} is no longer in a run of {level}"
        assert {(level, begin, True), (level, begin, False)} & after


@given(histories(), windows)
def test_nothing_counts_for_two_cards_of_one_level(history: list[Occurrence], days: int) -> None:
    for level in (Level.YELLOW, Level.RED):
        cards = [each for each in found(history, days) if each.level is level]
        named = [each.id for card in cards if not card.withheld for each in card.counted]
        assert len(named) == len(set(named))


@given(histories(), windows, st.data())
def test_a_change_touches_only_what_is_in_its_reach(
    history: list[Occurrence], days: int, data: st.DataObject
) -> None:
    """A late, a voided and a corrected occurrence; only the range that `reach` says is loaded."""
    added = [data.draw(one_on(data.draw(days_of_spring), "late"))]
    gone = history[: data.draw(st.integers(0, 1))]
    changed = [local_day(each) for each in (*added, *gone)]
    after = [each for each in (*history, *added) if each not in gone]
    reach = reach_of(days, Days(min(changed), max(changed)))
    loaded = among(after, *reach.load)
    standing = [each for each in found(history, days) if not reach.told.include(each.day)]
    assert {*standing_ids(standing), *standing_ids(found(loaded, days, reach.told))} == (
        standing_ids(found(after, days))
    )
    assert sorted((*standing, *found(loaded, days, reach.told)), key=_order) == list(
        found(after, days)
    )


@given(histories(), st.one_of(windows, st.none()), st.integers(1, 7))
def test_batches_come_to_the_same_as_all_at_once(
    history: list[Occurrence], days: int | None, size: int
) -> None:
    table: list[Occurrence] = []
    standing: dict[str, PatternFinding] = {}
    for begin in range(0, len(history), size):
        batch = history[begin : begin + size]
        table += batch
        changed = sorted(local_day(each) for each in batch)
        reach = reach_of(days, Days(changed[0], changed[-1]))
        held = [each for each in standing.values() if reach.told.include(each.day)]
        news = differences(held, found(among(table, *reach.load), days, reach.told))
        for lifted in news.lifted:
            del standing[lifted.id]
        standing |= {each.id: each for each in news.raised}
    assert standing.keys() == standing_ids(found(history, days))


def test_a_day_less_than_the_reach_would_not_do() -> None:
    """With windows of a week: full on the 7th, chained to the 13th, where the change is felt."""
    history = [happened(f"2026-03-{day:02} 10:00") for day in (3, 5, 9, 10, 13)]
    late = happened("2026-03-01 10:00")
    changed = Days(date(2026, 3, 1), date(2026, 3, 1))
    assert reach_of(7, changed).told == Days(date(2026, 3, 1), date(2026, 3, 13))
    assert reach_of(7, changed).load == Days(date(2026, 2, 17), date(2026, 3, 13))
    assert [each.day for each in found(history, 7)] == [date(2026, 3, 9)]
    assert [each.day for each in found([late, *history], 7)] == [date(2026, 3, 5)]


def standing_ids(findings: Iterable[PatternFinding]) -> set[str]:
    return {each.id for each in findings}


def _order(finding: PatternFinding) -> tuple[object, ...]:
    return finding.day, [Level.YELLOW, Level.RED].index(finding.level), finding.withheld


THREE = [happened("2026-03-01 10:00"), happened("2026-03-10 10:00"), happened("2026-03-30 23:59")]


def test_three_in_thirty_days_are_a_yellow_card_by_the_third() -> None:
    [card] = found(THREE)
    assert (card.level, card.day, card.at) == (
        Level.YELLOW,
        date(2026, 3, 30),
        local("2026-03-30 23:59"),
    )
    assert (card.window_from, card.window_until) == (
        local("2026-03-01 00:00"),
        local("2026-03-31 00:00"),
    )
    assert [each.id for each in card.counted] == [each.id for each in THREE]
    assert [fact.id for fact in card.facts] == [each.id for each in THREE]


def test_a_day_later_the_first_no_longer_counts() -> None:
    assert not found([*THREE[:2], happened("2026-03-31 00:00")])


def test_more_in_the_same_run_make_no_second_card_but_may_raise_the_level() -> None:
    fourth, fifth = happened("2026-04-02 10:00"), happened("2026-04-03 10:00")
    before = found(THREE)
    assert found([*THREE, fourth]) == before, "what was said of the run changed"
    sixth = happened("2026-04-04 10:00")
    after = found([*THREE, fourth, fifth, sixth])
    assert [each.level for each in after] == [Level.YELLOW, Level.RED]
    assert after[:1] == before


def test_a_run_that_ended_may_be_followed_by_another() -> None:
    again = [happened(f"2026-06-0{n} 10:00") for n in (1, 2, 3)]
    first, second = found([*THREE, *again])
    assert first.day < second.day
    assert first.id != second.id


def test_a_late_one_that_joins_two_runs_lifts_the_second_alone() -> None:
    first = [happened(f"2026-03-0{n} 10:00") for n in (1, 2, 3)]
    second = [happened(f"2026-04-1{n} 10:00") for n in (1, 2, 3)]
    late = [happened(f"2026-03-2{n} 10:00") for n in (1, 2)]
    before, after = found([*first, *second]), found([*first, *second, *late])
    assert after[0] == before[0]
    assert before[1].id not in standing_ids(after), "the runs are one now"


def test_a_correction_that_moves_the_card_names_the_one_that_holds_instead() -> None:
    before = found(THREE)
    after = found([*THREE[:2], happened("2026-03-28 10:00", THREE[2].id)])
    news = differences(before, after)
    assert [each.id for each in news.raised] == [after[0].id]
    assert [(each.id, each.replaced_by) for each in news.lifted] == [(before[0].id, after[0].id)]


def test_a_card_never_needs_what_cannot_be_true() -> None:
    doubtful = happened("2026-03-12 10:00", doubt="future-time")
    [lead] = found([*THREE[:2], doubtful])
    assert (lead.level, lead.withheld) == (Level.YELLOW, "future-time")
    [kept, card] = found([*THREE[:2], doubtful, happened("2026-03-20 10:00")])
    assert kept == lead
    assert (card.withheld, card.day) == ("", date(2026, 3, 20))
    assert lead.id != card.id
    assert doubtful.id not in {each.id for each in card.counted}


def test_a_reminder_may_rest_on_a_doubt() -> None:
    demand = in_any(30, (Threshold(at_least=2, level=Level.REMINDER),))
    history = [THREE[0], happened("2026-03-12 10:00", doubt="future-time"), THREE[2]]
    [reminder] = count(rule(demand), demand, HOUSING, history, OFFICE)
    assert (reminder.withheld, reminder.day) == ("", date(2026, 3, 12))


def test_by_calendar_year_the_count_begins_anew_and_the_year_names_the_card() -> None:
    old = [happened(f"2025-12-3{n} 10:00") for n in (0, 1)]
    new = [happened(f"2026-0{n}-01 10:00") for n in (1, 5)]
    assert not found([*old, *new], None)
    [card] = found([*old, *new, happened("2026-11-01 10:00")], None)
    assert (card.anchor, card.day) == ("2026", date(2026, 11, 1))
    assert card.window_from == local("2026-01-01 00:00")
    [moved] = found([*old, *new, happened("2026-09-01 10:00"), happened("2026-11-01 10:00")], None)
    assert moved.id == card.id, "a late one of the same year makes no second card"


def test_the_local_day_decides_not_the_day_in_utc() -> None:
    assert not found([happened("2026-03-02 00:30", str(n)) for n in range(2)], 1)
    history = [
        happened("2026-03-02 00:30"),
        happened("2026-03-02 07:30"),
        happened("2026-03-02 23:30"),
    ]
    [card] = found(history, 1)
    assert card.day == date(2026, 3, 2)


def test_a_day_of_unknown_hour_counts_on_that_day() -> None:
    history = [some_time_on(date(2026, 3, 2), str(n)) for n in range(3)]
    [card] = found(history, 1)
    assert card.at == local("2026-03-02 00:00")


def test_nothing_from_before_the_rule_is_counted_or_told() -> None:
    demand = in_any(30)
    young = rule(demand, since=date(2026, 3, 5))
    assert not count(young, demand, HOUSING, THREE, OFFICE)
    [card] = count(young, demand, HOUSING, THREE, OFFICE, since=date(2026, 1, 1))
    assert card.day == date(2026, 3, 30), "an amended version goes on counting if told to"


def test_a_new_version_gives_the_same_id() -> None:
    demand = in_any(30)
    [card] = count(rule(demand, version=2), demand, HOUSING, THREE, OFFICE)
    assert [card.id] == [each.id for each in found(THREE)]


def test_groups_have_findings_of_their_own() -> None:
    demand = in_any(30)
    by_post = Group("too-many", By.POST, "housing", "housing")
    [card] = count(rule(demand), demand, by_post, THREE, OFFICE)
    assert card.id != found(THREE)[0].id


def quota(text: str = "quota + 1") -> Expression:
    def value(names: object) -> object:
        assert isinstance(names, dict)
        return names["quota"] + 1

    return Expression(text=text, names=frozenset({"quota"}), value=value)


def test_a_quota_of_a_register_is_the_threshold_of_its_year() -> None:
    demand = in_any(None, (Threshold(at_least=quota(), level=Level.YELLOW),))
    history = [happened(f"{year}-0{n}-01 10:00") for year in (2025, 2026) for n in (1, 2, 3)]

    def steps_on(day: date) -> tuple[Step, ...]:
        return steps(demand.thresholds, {"quota": 3 if day.year == 2025 else 1})

    [card] = count(rule(demand), demand, HOUSING, history, OFFICE, steps_on=steps_on)
    assert (card.day, card.figures["threshold"]) == (date(2026, 2, 1), 2)


@pytest.mark.parametrize("value", [0, -1, True, 2.5, "3", None])
def test_a_threshold_that_is_no_number_of_things_is_refused(value: object) -> None:
    odd = Expression(text="odd", names=frozenset(), value=lambda _: value)
    with pytest.raises(ValueError, match="whole number"):
        steps((Threshold(at_least=odd, level=Level.RED),), {})


def test_only_the_newest_events_of_many_are_named_but_all_are_counted() -> None:
    history = [some_time_on(date(2026, 3, 2), f"{n:04}") for n in range(800)]
    [yellow, _] = found(history)
    assert (len(yellow.facts), yellow.figures["occurrences"]) == (500, 800)
    assert yellow.facts[-1].id == "0799"


def test_a_date_at_the_edge_of_the_calendar_breaks_nothing() -> None:
    history = [some_time_on(date.max, str(n)) for n in range(3)]
    assert [each.day for each in found(history)] == [date.max]
    assert reach_of(30, Days(date.min, date.max)).load == Days(date.min, date.max)


def test_a_version_tells_only_what_became_true_while_it_was_in_force() -> None:
    demand = in_any(30)
    retired = replace(rule(demand), effective_until=date(2026, 3, 30))
    assert not count(retired, demand, HOUSING, THREE, OFFICE)
    amended = rule(demand, version=2, since=date(2026, 3, 31))
    more = [*THREE, happened("2026-04-01 10:00"), happened("2026-04-02 10:00")]
    cards = count(amended, demand, HOUSING, more, OFFICE, since=date(2026, 1, 1))
    assert not cards, "the run began under the version before"


def test_of_two_thresholds_of_one_level_the_lower_is_the_one() -> None:
    twice = (
        Threshold(at_least=2, level=Level.RED),
        Threshold(at_least=3, level=Level.RED),
    )
    demand = in_any(30, twice)
    [card] = count(rule(demand), demand, HOUSING, THREE, OFFICE)
    assert card.figures["threshold"] == 2


def test_two_tellings_under_one_id_are_taken_alike_by_all() -> None:
    other = happened("2026-03-29 10:00", THREE[2].id)
    assert found([*THREE, other]) == found([other, *THREE])


def test_a_lifted_card_is_replaced_by_one_of_its_own_level_only() -> None:
    five = [happened(f"2026-03-0{n} 10:00", str(n)) for n in range(1, 6)]
    moved = [*five[:2], *(happened(f"2026-03-1{n} 10:00", str(n)) for n in range(3, 6))]
    before, after = found(five), found(moved)
    instead = {each.id: each.replaced_by for each in differences(before, after).lifted}
    assert [instead[each.id] for each in before] == [each.id for each in after]
    only_yellow = found(moved[:4])
    lifted = differences(before[1:], only_yellow).lifted
    assert [each.replaced_by for each in lifted] == [None]
