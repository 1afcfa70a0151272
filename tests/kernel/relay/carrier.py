"""A real bus that can be stopped, and who may do what on it."""

from contextlib import AsyncExitStack
from pathlib import Path

import nats as client
from nats.aio.client import Client

from contracts.streams import stream_of
from contracts.subjects import ours_all
from deploy.local.accounts import User
from deploy.local.nats import Nats, nats
from kernel.bus import connect, inbox
from kernel.tenancy import Tenancy

TENANCY = Tenancy(
    name="hall", context="hall", source="/xiaoneng/hall", migrations=("kernel.store.migrations",)
)
STREAM = stream_of(TENANCY.context)
SUBJECT = "xiaoneng.hall.umbrella-lent.v1.unit.key"
ADMIN = User(name="admin", password="a", publish=[">"], subscribe=[">"])
HALL = User(
    name=TENANCY.name,
    password="h",
    publish=[
        ours_all(TENANCY.context),
        f"$JS.API.STREAM.INFO.{STREAM}",
        f"$JS.API.STREAM.MSG.GET.{STREAM}",
    ],
    subscribe=[f"{inbox(TENANCY.name)}.>"],
)


class Carrier:
    """A real bus that can be stopped and started again where it was."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stack = AsyncExitStack()
        self.port = -1

    def start(self) -> None:
        running: Nats = self._stack.enter_context(nats(self.folder, [ADMIN, HALL], port=self.port))
        self.port = running.port

    async def stop(self) -> None:
        await self._stack.aclose()

    def url(self, user: User) -> str:
        return Nats(port=self.port).url(user)


async def admin_of(carrier: Carrier) -> Client:
    return await client.connect(carrier.url(ADMIN), reconnect_time_wait=0.1, error_cb=ignore)


async def hall_of(carrier: Carrier) -> Client:
    return await connect(carrier.url(HALL), TENANCY.name)


async def ignore(_: Exception) -> None:
    """A bus that is stopped on purpose is no news."""
