"""Cities to break, one for each test, and how a city is that nobody breaks."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.resilience.canonical import Canonical, dumped
from tests.resilience.feeding import by_bus
from tests.resilience.intact import assert_intact, at_rest
from tests.resilience.nursery import Nursery
from tests.resilience.told import MONTH
from tests.resilience.town import Town, town


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.resilience)


@contextmanager
def folder() -> Iterator[Path]:
    """Make a folder that others may pass through, as the database's own user has to."""
    made = Path(tempfile.mkdtemp(prefix="xiaoneng-test-"))
    made.chmod(0o711)
    try:
        yield made
    finally:
        shutil.rmtree(made)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    opened = Nursery.opened()
    yield opened
    opened.close()


@pytest.fixture
async def city(nursery: Nursery) -> AsyncIterator[Town]:
    with folder() as place:
        async with town(place, nursery) as built:
            yield built


@pytest.fixture(scope="session")
async def undisturbed(nursery: Nursery) -> Canonical:
    """Let a city hear of the busy month in order, by one door, with all servers up."""
    with folder() as place:
        async with town(place, nursery) as built:
            built.start()
            await by_bus(built, MONTH)
            await at_rest(built, MONTH)
            await assert_intact(built)
            return await dumped(built)
