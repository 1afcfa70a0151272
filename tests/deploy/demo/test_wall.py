"""What the real domain makes of the simulated city: enough to see on the wall, and not too much."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest

from deploy.demo.life import life
from deploy.demo.live import SEED
from deploy.demo.said import Said, Slip
from deploy.demo.world import ZONE
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.stages import Level
from tests.deploy.demo.conftest import MONDAY
from tests.deploy.demo.hearing import Told, heard, stands, wall

CARDS = {Level.YELLOW, Level.RED}
LEADS = (Level.YELLOW_LEAD, Level.RED_LEAD)


@pytest.fixture(scope="module")
def cases(history: Sequence[Said]) -> Mapping[CaseKey, Told]:
    return heard(history)


def leads(found: Counter[Level]) -> int:
    return sum(found[level] for level in LEADS)


@pytest.mark.parametrize(
    "began",
    [
        pytest.param(datetime(2026, 11, 21, 22, 10, tzinfo=ZONE), id="a Saturday night"),
        pytest.param(datetime(2026, 2, 18, 11, 0, tzinfo=ZONE), id="the week of Spring Festival"),
        pytest.param(datetime(2026, 12, 31, 16, 0, tzinfo=ZONE), id="the last of December"),
    ],
)
def test_at_any_time_every_colour_is_on_the_wall_in_sensible_proportion(began: datetime) -> None:
    sensible(wall(heard(life(SEED, began, began)), began))


def test_on_a_monday_morning_every_colour_is_on_the_wall(cases: Mapping[CaseKey, Told]) -> None:
    sensible(wall(cases, MONDAY))


def sensible(found: Counter[Level]) -> None:
    assert 12 <= found[Level.REMINDER] <= 42, found
    assert 18 <= found[Level.YELLOW] <= 60, found
    assert 10 <= found[Level.RED] <= 32, found
    assert 5 <= leads(found) <= 15, found


def test_beyond_the_calendar_the_same_city_raises_leads_instead_of_cards() -> None:
    began = datetime(2027, 3, 10, 10, 0, tzinfo=ZONE)
    found = wall(heard(life(SEED, began, began)), began)
    assert found[Level.RED] == 0
    assert leads(found) >= 25, found
    assert found[Level.REMINDER] >= 12, found


def test_most_cases_end_in_time(cases: Mapping[CaseKey, Told]) -> None:
    ended = {key: told for key, told in cases.items() if told.case().ended}
    late = [key for key, told in ended.items() if CARDS & set(stands(key, told, MONDAY))]
    assert 0.01 < len(late) / len(ended) < 0.06


def share(cases: Mapping[CaseKey, Told], unit: str, level: Level) -> float:
    own = [(key, told) for key, told in cases.items() if told.case().unit == unit]
    ended = [one for one in own if one[1].case().ended]
    return sum(level in stands(*one, MONDAY) for one in ended) / len(ended)


def test_a_third_of_what_the_lazy_unit_ends_is_late(cases: Mapping[CaseKey, Told]) -> None:
    assert 0.15 < share(cases, "WH-CGJ", Level.YELLOW) < 0.5


def test_one_unit_is_reminded_of_nearly_every_case(cases: Mapping[CaseKey, Told]) -> None:
    assert share(cases, "WH-JTJ", Level.REMINDER) > 0.7
    assert share(cases, "WH-JTJ", Level.YELLOW) < 0.1


def test_one_unit_stops_its_clocks_just_before_the_limit(cases: Mapping[CaseKey, Told]) -> None:
    own = [told.case() for told in cases.values() if told.case().unit == "WH-STJ"]
    ended = [case for case in own if case.ended]
    assert sum(len(case.pauses) for case in ended) > len(ended) / 2


def changes(said: Sequence[Said], end: datetime) -> Counter[datetime]:
    """Count, by the hour, the instants at which a card is raised or lifted while one watches."""
    told: dict[tuple[str, str], list[Said]] = {}
    for each in said:
        told.setdefault((each.system, each.case), []).append(each)
    found: Counter[datetime] = Counter()
    for own in (own for own in told.values() if any(each.slip for each in own)):
        for place, each in enumerate(own):
            if each.told_at <= MONDAY or each.told_at > end:
                continue
            before = _cards(own[:place], each.told_at - timedelta(seconds=1))
            if before != _cards(own[: place + 1], each.told_at + timedelta(seconds=1)):
                found[each.told_at.replace(minute=0, second=0)] += 1
    return found


def _cards(said: Sequence[Said], at: datetime) -> set[Level]:
    return {level for key, told in heard(said).items() for level in stands(key, told, at)}


def test_several_times_an_hour_news_raise_or_lift_a_card(told: Sequence[Said]) -> None:
    hours = changes(told, MONDAY + timedelta(hours=23))
    counts = [hours[(MONDAY + timedelta(hours=n)).replace(minute=0)] for n in range(1, 23)]
    assert min(counts) >= 2, hours
    assert sum(counts) / len(counts) > 4, hours


def test_a_newcomer_sees_a_card_lifted_within_a_quarter_of_an_hour(told: Sequence[Said]) -> None:
    late = [each for each in told if each.slip is Slip.TOLD_LATE and each.told_at > MONDAY]
    first = min(late, key=lambda each: each.told_at)
    assert first.told_at < MONDAY + timedelta(minutes=15)
    own = [each for each in told if (each.system, each.case) == (first.system, first.case)]
    before = [each for each in own if each.told_at < first.told_at]
    assert Level.YELLOW in _cards(before, first.told_at)
    assert Level.YELLOW not in _cards(own, first.told_at)


def test_the_opening_minutes_bring_a_new_card(told: Sequence[Said]) -> None:
    soon = MONDAY + timedelta(minutes=2)
    own = [each for each in told if each.case.endswith("7999")]
    known = [each for each in own if each.told_at <= soon]
    assert Level.YELLOW not in _cards(known, MONDAY)
    assert Level.YELLOW in _cards(known, soon)
