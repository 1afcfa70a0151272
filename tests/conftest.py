"""How much the properties are tried, and a real PostgreSQL for all tests of the session."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from deploy.local.postgres import Postgres, postgres

# no deadline: a slow machine must not fail a test that measures nothing
settings.register_profile("quick", deadline=None, max_examples=100)
settings.register_profile("thorough", deadline=None, max_examples=600, print_blob=True)
settings.load_profile("quick")


TESTS = Path(__file__).parent
LONG = (
    "console/test_many_alerts",
    "deploy/backup",
    "deploy/demo",
    "deploy/doctor",
    "deploy/partner/test_stack",
    "deploy/play",
    "deploy/provision/test_older_versions",
    "deploy/up",
    "electronic_supervision/connect/test_deaths",
    "system/hostile",
    "kernel/reception/test_guessing",
)
"""What starts whole stacks again and again, or attacks them, which takes minutes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what takes long for a target of its own (make test-long)."""
    for item in items:
        if item.path.relative_to(TESTS).as_posix().startswith(LONG):
            item.add_marker(pytest.mark.long)


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="xiaoneng-test-"))
    try:
        with postgres(folder) as running:
            yield running
    finally:
        shutil.rmtree(folder)
