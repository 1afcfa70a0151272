"""What may go well a moment later is told from what never will."""

import asyncpg
import pytest

from kernel.database import is_transient


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.ConnectionDoesNotExistError("connection was closed"),
        asyncpg.DeadlockDetectedError("deadlock detected"),
        asyncpg.IdleInTransactionSessionTimeoutError("terminating connection"),
        # of a query on a connection that a killed server has just left: none of the others' kin
        asyncpg.InternalClientError("got result for unknown protocol state 3"),
    ],
)
def test_a_lost_database_is_waited_for(error: Exception) -> None:
    assert is_transient(error)


@pytest.mark.parametrize("error", [asyncpg.DataError("invalid input"), ValueError()])
def test_what_is_wrong_every_time_is_not_tried_again(error: Exception) -> None:
    assert not is_transient(error)
