"""One stack for all that is played in a module."""

from collections.abc import Iterator

import pytest

from tests.deploy.typed import Place, place


@pytest.fixture(scope="module")
def stage() -> Iterator[Place]:
    with place() as made:
        started = made.up("--background")
        assert started.returncode == 0, started.stderr
        yield made
