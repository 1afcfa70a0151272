"""Under which name a log is played."""

from deploy.administrator import administrator
from deploy.partner.refusals import source_taken
from deploy.tenancies import ELECTRONIC_SUPERVISION
from services.electronic_supervision.doors.systems import systems


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
