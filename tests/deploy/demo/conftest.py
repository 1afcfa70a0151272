"""The history of the simulated city and its first day, told once for all tests."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from deploy.demo.life import life
from deploy.demo.live import SEED
from deploy.demo.said import Said
from deploy.demo.world import ZONE
from tests.deploy.demo.town import Town
from tests.deploy.demo.town import town as build

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


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="xiaoneng-test-"))
    made.chmod(0o711)  # the database's own user has to get through
    yield made
    shutil.rmtree(made)


@pytest.fixture
async def town(folder: Path) -> AsyncIterator[Town]:
    """Return servers of their own for a city that is told."""
    with ExitStack() as exits:
        yield await build(folder, exits)
