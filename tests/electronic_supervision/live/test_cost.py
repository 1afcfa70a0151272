"""What the loop asks all the time costs the same however long the record is."""

from datetime import timedelta

import pytest

from contracts.streams import CITY
from services.electronic_supervision.loop.ready import OLDEST
from services.electronic_supervision.loop.step import LOOK
from tests.electronic_supervision.live.conftest import MARK, Supervision
from tests.electronic_supervision.live.said import local

AT = local("2026-11-23 10:00")
DOCKETS = """
insert into docket
select gen_random_uuid(), '/wuhu', number, 'housing', '', false, number, number, $1, ''
from generate_series(1, 20000) number
"""
EVENTS = """
insert into event
select heard, id, 1, heard, 'xiaoneng.approvals.case-accepted.v1', '{}', '{}', $1, ''
from docket
"""
ASKED = {"look": (LOOK, (1, [CITY])), "readiness": (OLDEST, ([CITY], timedelta(seconds=10)))}


@pytest.mark.parametrize("name", ASKED)
async def test_what_is_asked_all_the_time_reads_no_whole_table(
    supervision: Supervision, name: str
) -> None:
    connection = supervision.connection
    await connection.execute(DOCKETS, AT + timedelta(days=1))
    await connection.execute(EVENTS, AT)
    await connection.execute(MARK, CITY, AT)
    await connection.execute("update partition set position = 20000")
    await connection.execute("analyze event, docket, partition, checkpoint")
    query, what = ASKED[name]
    plan = "\n".join(row[0] for row in await connection.fetch(f"explain {query}", *what))
    assert "Seq Scan on event" not in plan, plan
    assert "Seq Scan on docket" not in plan, plan
