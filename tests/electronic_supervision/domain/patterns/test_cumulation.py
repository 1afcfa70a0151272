"""Judgements add up once each, never themselves, and only while they stand."""

from datetime import timedelta

import pytest

from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.patterns.cumulation import (
    Judged,
    added_up,
    circle,
    cumulate,
)
from services.electronic_supervision.domain.patterns.finding import PatternFinding
from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence
from services.electronic_supervision.domain.rules.demands import By, Cumulation, Level, Threshold
from tests.electronic_supervision.domain.patterns.happenings import PERMITS, rule
from tests.electronic_supervision.domain.timeline import OFFICE, local

OTHERS = frozenset({"too-many", "two-yellows"})


def cumulation(
    points: dict[str, int], at_least: int, level: Level, *, same_rule: bool = False
) -> Cumulation:
    threshold = Threshold(at_least=at_least, level=level)
    return Cumulation(
        by=By.UNIT, days=90, points=points, thresholds=(threshold,), same_rule=same_rule
    )


def judged(day: int, level: str, by: str = "step-late", unit: str = "housing") -> Judged:
    return Judged(
        id=f"{by}-{level}-{day}",
        rule=by,
        level=level,
        at=local("2026-03-01 10:00") + timedelta(days=day),
        keys={By.UNIT: unit},
        case=CaseKey(PERMITS, f"办件{day}"),
    )


def found(demand: Cumulation, *judgements: Judged) -> list[PatternFinding]:
    groups: dict[Group, list[Occurrence]] = {}
    for each in judgements:
        if (counts := added_up("too-many", demand, each, OTHERS)) is not None:
            groups.setdefault(counts[0], []).append(counts[1])
    return [
        finding
        for group, occurrences in groups.items()
        for finding in cumulate(rule(demand), demand, group, occurrences, OFFICE)
    ]


THREE_REMINDERS = cumulation({"reminder": 1}, 3, Level.YELLOW, same_rule=True)
TWO_YELLOWS = cumulation({"yellow": 1}, 2, Level.RED)
POINTS = cumulation({"reminder": 1, "yellow": 3, "red": 6}, 10, Level.RED)


def test_three_reminders_on_one_problem_are_a_yellow_card_that_names_them() -> None:
    reminders = [judged(day, "reminder") for day in (1, 5, 9)]
    [card] = found(THREE_REMINDERS, *reminders)
    assert card.level is Level.YELLOW
    assert card.judgements == tuple(each.id for each in reminders)
    assert card.group.problem == "step-late"


def test_reminders_on_different_problems_do_not_add_up() -> None:
    mixed = [judged(1, "reminder"), judged(2, "reminder"), judged(3, "reminder", "fee-too-high")]
    assert not found(THREE_REMINDERS, *mixed)


def test_two_yellow_cards_are_a_red_one_whatever_they_are_for() -> None:
    [card] = found(TWO_YELLOWS, judged(1, "yellow"), judged(80, "yellow", "fee-too-high"))
    assert card.level is Level.RED
    assert not found(TWO_YELLOWS, judged(1, "yellow"), judged(1, "yellow", unit="planning"))


def test_points_add_up_in_a_window() -> None:
    five = [judged(1, "reminder"), judged(2, "yellow")]
    assert not found(POINTS, *five, judged(3, "yellow"))
    [card] = found(POINTS, *five, judged(3, "red"))
    assert (card.figures["total"], card.figures["threshold"]) == (10, 10)
    assert not found(POINTS, *five, judged(95, "red"))


def test_a_superseded_judgement_takes_the_cumulation_with_it() -> None:
    two = judged(1, "yellow"), judged(2, "yellow")
    assert found(TWO_YELLOWS, *two)
    assert not found(TWO_YELLOWS, two[0])


@pytest.mark.parametrize(
    ("level", "by"),
    [("yellow", "too-many"), ("yellow", "two-yellows"), ("yellow-lead", "step-late")],
)
def test_neither_itself_nor_another_cumulation_nor_a_lead_counts(level: str, by: str) -> None:
    assert added_up("too-many", TWO_YELLOWS, judged(1, level, by), OTHERS) is None


def test_a_cumulation_counts_where_it_is_named_but_never_itself() -> None:
    named = Cumulation(
        by=By.UNIT,
        days=90,
        points={"yellow": 1},
        thresholds=(Threshold(at_least=2, level=Level.RED),),
        of=OTHERS,
    )
    assert added_up("too-many", named, judged(1, "yellow", "two-yellows"), OTHERS) is not None
    assert added_up("too-many", named, judged(1, "yellow", "too-many"), OTHERS) is None
    assert added_up("too-many", named, judged(1, "yellow", "step-late"), OTHERS) is None


def test_cumulations_that_count_each_other_are_found_out() -> None:
    assert circle({"a": frozenset({"b"}), "b": frozenset({"a"}), "c": frozenset({"a"})}) == (
        "a",
        "b",
        "c",
    )
    assert circle({"a": frozenset({"a", "step-late"}), "b": frozenset({"a"})}) == ()


def test_a_judgement_of_nobody_counts_for_nobody() -> None:
    assert added_up("too-many", TWO_YELLOWS, judged(1, "yellow", unit=""), OTHERS) is None
