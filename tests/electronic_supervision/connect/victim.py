"""The connectors of a file at work until they are killed."""

import asyncio
import os
from pathlib import Path

from prometheus_client import CollectorRegistry

from kernel.bell import Bell
from kernel.database import borrowed, instant, open_pool
from services.electronic_supervision.connect import runs
from services.electronic_supervision.connect.config_file import load_connectors
from services.electronic_supervision.connect.desk import ConnectDesk
from services.electronic_supervision.connect.metrics import ConnectMetrics
from services.electronic_supervision.connect.worker import Worker
from tests.electronic_supervision.connect.site import OFFICE


async def main() -> None:
    pool = await open_pool(os.environ["VICTIM_URL"], os.environ["VICTIM_SCHEMA"])
    desk = ConnectDesk(
        pool=pool,
        facts=Bell(pool, "facts"),
        now=instant,
        office=OFFICE,
        holder=f"victim-{os.getpid()}",
        metrics=ConnectMetrics(CollectorRegistry()),
        environment=os.environ,
    )
    connectors = load_connectors(Path(os.environ["VICTIM_FILE"]))
    async with borrowed(pool) as connection:
        await runs.configure(connection, connectors)
    async with asyncio.TaskGroup() as group:
        for each in connectors:
            group.create_task(Worker(desk=desk, connector=each).run())


if __name__ == "__main__":
    asyncio.run(main())
