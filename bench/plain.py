"""The service that one writes first: a FastStream handler, one commit for each message."""

import asyncio
import sys

import asyncpg
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage

from contracts.streams import CITY, subjects_of
from contracts.wire import read
from deploy.tenancies import ELECTRONIC_SUPERVISION

TABLE = """
create table if not exists plain (
    source text, id text, type text not null, data text not null, primary key (source, id)
)
"""
INSERT = "insert into plain values ($1, $2, $3, $4) on conflict do nothing"


async def main(bus: str, database: str) -> None:
    """Hear until ended."""
    pool = await asyncpg.create_pool(
        database, server_settings={"search_path": ELECTRONIC_SUPERVISION.name}
    )
    broker = NatsBroker(bus, logger=None)
    stream = JStream(CITY, declare=False)

    @broker.subscriber(subjects_of(CITY), stream=stream, ack_policy=AckPolicy.MANUAL)
    async def hear(message: NatsMessage) -> None:
        event = read(message.body)
        text = event.model_dump_json(exclude_none=True)
        await pool.execute(INSERT, event.source, event.id, event.type, text)
        await message.ack()

    await broker.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
