"""A city of its own for each test of this folder."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import pytest

from tests.system.stack import Process, Stack, stack


@contextmanager
def passable() -> Iterator[Path]:
    """Make a folder that others may pass through, as the database's own user has to."""
    made = Path(tempfile.mkdtemp(prefix="xiaoneng-test-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def folder() -> Iterator[Path]:
    with passable() as made:
        yield made


@pytest.fixture(scope="module")
def shared_folder() -> Iterator[Path]:
    with passable() as made:
        yield made


@pytest.fixture(scope="module")
async def shared_city(shared_folder: Path) -> AsyncIterator[Stack]:
    """Return one city for all tests of a module."""
    async with AsyncExitStack() as exits:
        yield await stack(shared_folder, exits)


@pytest.fixture
async def city(folder: Path) -> AsyncIterator[Stack]:
    async with AsyncExitStack() as exits:
        yield await stack(folder, exits)


@pytest.fixture
async def supervision(city: Stack) -> Process:
    """Return electronic supervision with all its parts in one process."""
    return await city.start().listening()
