"""One attacked city for all tests of a file."""

import pytest

from tests.system.conftest import shared_city, shared_folder
from tests.system.hostile.town import Town, built
from tests.system.stack import Stack

__all__ = ["shared_city", "shared_folder"]


@pytest.fixture(scope="module")
async def town(shared_city: Stack) -> Town:
    return await built(shared_city)
