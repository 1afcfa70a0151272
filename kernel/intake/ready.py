"""Whether an intake keeps up with what is said."""

from collections.abc import Sequence
from datetime import timedelta

import asyncpg

from kernel.readiness import Check, Problem

BEHIND = timedelta(seconds=10)
# a stream without a checkpoint was never heard
LATE = """
select coalesce((
    select heard_through < clock_timestamp() + $2::interval - $3::interval
    from checkpoint where stream = $1
), true)
"""


def keeps_up(
    pool: asyncpg.Pool,
    stream: str,
    *,
    shift: timedelta = timedelta(),
    behind: timedelta = BEHIND,
) -> Check:
    """Return a check that tells of `intake-behind`, by the clock of the database.

    `shift` is that of the watermark. Gaps in what a source numbers are the source's problem, not
    ours.
    """

    async def intake_keeps_up() -> Sequence[Problem]:
        is_late = await pool.fetchval(LATE, stream, shift, behind)
        return [_behind(stream, behind)] if is_late else []

    return intake_keeps_up


def _behind(stream: str, behind: timedelta) -> Problem:
    return Problem(
        code="intake-behind",
        message=f"事件流 {stream} 的接收已落后超过 {behind.total_seconds():.0f} 秒，"
        "在此期间不对新到的期限作出判定；已送达总线的消息不会丢失。"
        "请检查消息总线、数据库和接收进程的日志。",
    )
