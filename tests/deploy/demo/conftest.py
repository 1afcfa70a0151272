"""The history of the simulated city and its first day, told once for all tests."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from deploy.demo.life import life
from deploy.demo.live import SEED
from deploy.demo.said import Said
from deploy.demo.world import ZONE

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=ZONE)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture(scope="session")
def told() -> Sequence[Said]:
    return tuple(life(SEED, MONDAY, TUESDAY))


@pytest.fixture(scope="session")
def history(told: Sequence[Said]) -> Sequence[Said]:
    return [each for each in told if each.told_at <= MONDAY]


@pytest.fixture(scope="session")
def first_day(told: Sequence[Said]) -> Sequence[Said]:
    return [each for each in told if each.told_at > MONDAY]
