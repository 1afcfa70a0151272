"""Whether the loop keeps up with what has become due."""

from collections.abc import Sequence
from datetime import timedelta

import asyncpg

from kernel.readiness import Check, Problem
from services.electronic_supervision.loop.worker import PARTITIONS

BEHIND = timedelta(seconds=10)
OLDEST = """
select coalesce(bool_or(oldest.next_at < heard.through - $2::interval), false)
from partition, lateral (
    select min(next_at) as next_at from docket where partition_of(id) = partition.number
) oldest, (select min(heard_through) as through from checkpoint where stream = any($1)) heard
"""
HELD = """
select count(*) from lease where name like 'loop-%' and expires_at > clock_timestamp()
"""


def keeps_up(pool: asyncpg.Pool, streams: Sequence[str], behind: timedelta = BEHIND) -> Check:
    """Return a check that tells of `loop-behind`, and of `partition-idle` where nobody judges."""

    async def loop_keeps_up() -> Sequence[Problem]:
        problems = []
        if await pool.fetchval(OLDEST, streams, behind):
            seconds = behind / timedelta(seconds=1)
            message = (
                f"有办件到了判定时刻而超过 {seconds:.0f} 秒未判定；请检查判定进程的负载和日志。"
            )
            problems.append(Problem(code="loop-behind", message=message))
        if await pool.fetchval(HELD) < PARTITIONS:
            message = "有的办件分区没有进程在判定；请启动含 loop 的进程，或者检查其日志。"
            problems.append(Problem(code="partition-idle", message=message))
        return problems

    return loop_keeps_up
