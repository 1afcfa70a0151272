"""What happens in the simulated city follows from its seed and its beginning alone."""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from itertools import islice, pairwise

import pytest

from deploy.demo.life import life
from deploy.demo.live import SEED
from deploy.demo.said import Said
from tests.deploy.demo.conftest import MONDAY, TUESDAY

DIGEST = """
from datetime import datetime
from hashlib import sha256
from deploy.demo.life import life
began = datetime.fromisoformat("{began}")
told = sha256()
for each in life({seed}, began, began):
    told.update(each.body)
print(told.hexdigest())
"""


def test_another_process_tells_the_same_to_the_byte(history: Sequence[Said]) -> None:
    here = sha256()
    for each in (each for each in history if each.told_at < MONDAY):
        here.update(each.body)
    script = DIGEST.format(began=MONDAY.isoformat(), seed=SEED)
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York"}
    command = [sys.executable, "-c", script]
    there = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert there.stdout.strip() == here.hexdigest()


def test_another_seed_makes_another_city(history: Sequence[Said]) -> None:
    other = islice(life(SEED + 1, MONDAY), 20)
    assert [each.body for each in history[:20]] != [each.body for each in other]


def test_an_earlier_end_cuts_the_life_short_and_changes_nothing(told: Sequence[Said]) -> None:
    for until in (MONDAY - timedelta(days=20), MONDAY + timedelta(minutes=7)):
        since = until - timedelta(days=5)
        cut = list(life(SEED, MONDAY, until, after=since))
        assert cut == [each for each in told if since < each.told_at < until]


@pytest.mark.parametrize("hours", [-400.0, 13.0, 23.9])
def test_whoever_goes_on_from_an_instant_hears_the_rest_and_nothing_else(
    told: Sequence[Said], hours: float
) -> None:
    after = MONDAY + timedelta(hours=hours)
    rest = list(life(SEED, MONDAY, TUESDAY, after=after))
    assert rest == [each for each in told if each.told_at > after]


def test_events_are_told_in_order_of_time(told: Sequence[Said]) -> None:
    for earlier, later in pairwise(told):
        assert earlier.told_at <= later.told_at, (earlier.id, later.id)


def test_the_history_is_that_of_some_two_thousand_cases(history: Sequence[Said]) -> None:
    assert 1_700 < len({(each.system, each.case) for each in history}) < 2_300
    assert 9_000 < len(history) < 12_000


def test_an_event_comes_every_few_seconds_at_any_hour(first_day: Sequence[Said]) -> None:
    for hour in range(24):
        begin = MONDAY + timedelta(hours=hour)
        count = sum(begin < each.told_at <= begin + timedelta(hours=1) for each in first_day)
        assert 2 < 3600 / count < 5, f"{count} events in the hour from {begin}"


def test_the_longest_silence_of_the_whole_city_is_short(first_day: Sequence[Said]) -> None:
    longest = max(later.told_at - earlier.told_at for earlier, later in pairwise(first_day))
    assert longest < timedelta(seconds=60)


def test_every_source_says_that_it_is_simulated(told: Sequence[Said]) -> None:
    assert all(b'"source":"/wuhu-demo/' in each.body for each in told)
