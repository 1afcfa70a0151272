"""All services of a city in one process, as `xiaoneng up` runs them, told by its environment."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from kernel.process import holder, until_told
from kernel.reception.main import opened as reception
from kernel.reception.settings import from_environment as access_from
from kernel.service import Service, run
from kernel.web.logs import configure
from services.electronic_supervision.__main__ import listening, now
from services.electronic_supervision.main import opened as supervision
from services.electronic_supervision.settings import from_environment as supervision_from
from services.evaluation.main import opened as evaluation
from services.evaluation.settings import from_environment as evaluation_from

OF_EVALUATION = {
    "XIAONENG_POSTGRES_URL": "EVALUATION_POSTGRES_URL",
    "XIAONENG_NATS_URL": "EVALUATION_NATS_URL",
}


@asynccontextmanager
async def services(environment: Mapping[str, str]) -> AsyncIterator[Sequence[Service]]:
    """Open all services for the length of the block."""
    theirs = {name: environment[of] for name, of in OF_EVALUATION.items()}
    name = holder()
    async with AsyncExitStack() as doors:
        yield [
            await doors.enter_async_context(each)
            for each in (
                supervision(supervision_from(environment), clock=now, holder=name),
                evaluation(evaluation_from({**environment, **theirs}), clock=now, holder=name),
                reception(access_from(environment), clock=now),
            )
        ]


async def main() -> None:
    """Serve until told to stop."""
    async with services(os.environ) as opened:
        public_url = os.environ.get("XIAONENG_PUBLIC_URL", "")
        work = run(
            opened,
            title="效能",
            host="127.0.0.1",
            port=0,
            ready=listening,
            public_url=public_url,
        )
        await until_told(work)


if __name__ == "__main__":
    configure(sys.stdout)
    asyncio.run(main())
