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


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="xiaoneng-test-"))
    try:
        with postgres(folder) as running:
            yield running
    finally:
        shutil.rmtree(folder)
