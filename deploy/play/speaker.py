"""Under which name a log is played, and whether it was played differently before."""

from collections.abc import Sequence

from deploy.administrator import administrator
from deploy.admit.admit import source_taken
from deploy.play.read import Case
from deploy.refusal import RefusedError
from deploy.tenancies import ELECTRONIC_SUPERVISION
from services.electronic_supervision.doors.systems import systems

KNOWN = "select number from docket where source = $1 and number = any($2)"
SEEN = "select id from seen where source = $1 and id = any($2)"


async def name_for(url: str, source: str, asked: str | None) -> str:
    """Return the name of the system that speaks under a source.

    The last part of the source where none does yet. Raises RefusedError (`source-taken`): it is
    another's than the one asked for.
    """
    connection = await administrator(url)
    try:
        await connection.execute(f"set search_path to {ELECTRONIC_SUPERVISION.name}")
        if await connection.fetchval("select to_regclass('city_system')") is None:
            known = {}
        else:
            known = {each.source: each.name for each in (await systems(connection)).values()}
    finally:
        await connection.close()
    if source not in known:
        return asked or source.rstrip("/").rpartition("/")[2]
    if asked not in (None, known[source]):
        raise source_taken(source, f"系统 {known[source]} 的名义")
    return known[source]


async def refuse_told_otherwise(url: str, source: str, cases: Sequence[Case]) -> None:
    """Refuse to tell cases a second time in another way. Raises RefusedError (`told-otherwise`)."""
    connection = await administrator(url)
    try:
        await connection.execute(f"set search_path to {ELECTRONIC_SUPERVISION.name}")
        known = {
            row["number"]
            for row in await connection.fetch(KNOWN, source, [each.number for each in cases])
        }
        ids = [each.accepted for each in cases]
        seen = {row["id"] for row in await connection.fetch(SEEN, source, ids)}
    finally:
        await connection.close()
    other = [each.number for each in cases if each.number in known and each.accepted not in seen]
    if other:
        raise RefusedError(
            "told-otherwise",
            f"办件 {other[0]} 等已以 {source} 的名义报送过，内容或时间不同（如时移的周数）。",
            "再报会使每件受理两次；请改用原来的日志和选项，或在对照表中另写 source。",
        )
