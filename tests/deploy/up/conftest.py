"""A place of its own for each test, where nothing is left running."""

from collections.abc import Iterator

import pytest

from tests.deploy.typed import Place, place


@pytest.fixture
def here() -> Iterator[Place]:
    with place() as made:
        yield made
