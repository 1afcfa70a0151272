"""Every look at what not everybody may see is on the record before it is shown."""

import json

from kernel.access.principal import Caller
from kernel.store.store import append
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.refusals import refused
from services.electronic_supervision.record import RestrictedLooked, own_event

QUARANTINE = "quarantine"
"""A message that could not be read."""

IS_THERE = "select exists (select from quarantine where id = $1)"


async def looked(desk: Desk, what: str, id_: str, caller: Caller) -> None:
    """Record that somebody looks at something, by whom and in which role, in the day's stream.

    A record that cannot be written to shows nothing. Raises `message-unknown`.
    """
    async with desk.writing() as connection:
        if not await connection.fetchval(IS_THERE, id_):
            raise refused(Refused("message-unknown"))
        now = await desk.now(connection)
        stream = f"looks-{desk.court.office.local_date(now)}"
        cause = f"{what}\n{id_}\n{caller.name}\n{now.isoformat()}"
        about = json.dumps(dict(caller.acting()), ensure_ascii=False)
        event = own_event(stream, RestrictedLooked(what=what, id=id_), cause, about)
        await append(connection, [event], now)
