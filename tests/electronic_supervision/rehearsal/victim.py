"""A worker of rehearsals at work until it is killed."""

import asyncio
import os
from datetime import datetime

from kernel.database import open_pool
from services.electronic_supervision.rehearsal.lane import Place
from services.electronic_supervision.rehearsal.worker import Worker


async def main() -> None:
    place = Place(os.environ["VICTIM_URL"], os.environ["VICTIM_SCHEMA"])
    pool = await open_pool(place.url, place.schema)
    holder, now = f"victim-{os.getpid()}", datetime.fromisoformat(os.environ["VICTIM_NOW"])
    await Worker(pool=pool, place=place, holder=holder, clock=lambda: now, lanes=1).run()


if __name__ == "__main__":
    asyncio.run(main())
