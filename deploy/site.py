"""What every operator's command needs: the data folder, the servers, the passwords."""

import asyncio
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from nats.errors import Error as NatsError

from deploy.administrator import administrator
from deploy.local.accounts import User
from deploy.local.folder import claim
from deploy.local.servers import NATS_URL, Servers, Users, servers
from deploy.provision.partners import taking_part, users_of
from deploy.provision.passwords import has_password, load_passwords
from deploy.provision.settings import Settings, settings_from
from deploy.provision.users import names, user_of_system, users
from deploy.refusal import RefusedError
from deploy.tenancies import ELECTRONIC_SUPERVISION, TENANCIES
from kernel.access.partners import PartnerRow

Result = TypeVar("Result")

SERVICES = [each.name for each in TENANCIES]

# known before the schema is brought up to date: what its first version had, and no more
SYSTEMS = "select name from city_system order by name"
OTHER_VERSION = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
    asyncpg.UndefinedFunctionError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where the data are, what the environment says of them, and who may connect."""

    data: Path
    environment: Mapping[str, str]
    command: str = ""

    @property
    def heads(self) -> Path:
        """The folder of the heads noted outside the database."""
        given = self.environment.get("XIAONENG_HEADS")
        return Path(given) if given else self.data / "heads"

    def heads_to_write(self) -> Path:
        """Return that folder once something may be put there. Raises RefusedError (`not-ours`)."""
        if not self.environment.get("XIAONENG_HEADS"):
            claim(self.data)
        return self.heads

    @property
    def settings(self) -> Settings:
        """What the city chose. Raises RefusedError."""
        return settings_from(self.environment)

    @property
    def has_foreign_bus(self) -> bool:
        """Tell whether the users of NATS are in others' hands."""
        return bool(self.environment.get(NATS_URL))

    def passwords(self) -> dict[str, str]:
        """Return the passwords of the services; makes those that are missing."""
        return self.passwords_of(names(TENANCIES))

    def passwords_of(self, who: Iterable[str]) -> dict[str, str]:
        """Return the passwords of these; makes those that are missing."""
        return load_passwords(self.data, who, self.environment)

    def users(self, postgres_url: str = "", *, also: Sequence[str] = ()) -> list[User]:
        """Return all users of the bus: ours, and the city systems that may speak.

        Those that speak with a password are named by the environment, by `also`, and by what was
        played before; partners, who have keys of their own, are on record.
        """
        known = completed(known_in(postgres_url)) if postgres_url else NOBODY
        played = [each for each in known.systems if self._speaks_for(each)]
        systems = sorted({*self._systems, *played, *also})
        ours = users(TENANCIES, systems, self.passwords_of(names(TENANCIES, systems)))
        return [*ours, *users_of(known.partners)]

    @contextmanager
    def postgres(self, *, creates: bool = False) -> Iterator[str]:
        """Give an administrator's URL of PostgreSQL for the length of the block."""
        with self._servers(None, creates=creates) as found:
            yield found.postgres_url

    @contextmanager
    def both(self, *, creates: bool = False) -> Iterator[tuple[str, str]]:
        """Give an administrator's URLs of PostgreSQL and NATS for the length of the block."""
        with self._servers(self.users, creates=creates) as found:
            yield found.postgres_url, found.nats_url

    def _servers(self, who: Users | None, *, creates: bool) -> AbstractContextManager[Servers]:
        return servers(
            self.data, self.environment, users=who, creates=creates, command=self.command
        )

    def _speaks_for(self, system: str) -> bool:
        return has_password(self.data, user_of_system(system), self.environment)

    @property
    def _systems(self) -> list[str]:
        given = self.environment.get("XIAONENG_CITY_SYSTEMS", "")
        return [each.strip() for each in given.split(",") if each.strip()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The names of all city systems on record, and the partners that hold keys."""

    systems: Sequence[str] = ()
    partners: Sequence[PartnerRow] = ()


NOBODY = Known()


async def known_in(postgres_url: str) -> Known:
    """Return who is on record; nobody before provisioning."""
    connection = await administrator(postgres_url)
    try:
        partners = await taking_part(connection)
        await connection.execute(f"set search_path to {ELECTRONIC_SUPERVISION.name}")
        if await connection.fetchval("select to_regclass('city_system')") is None:
            return Known(partners=partners)
        found = [row["name"] for row in await connection.fetch(SYSTEMS)]
        return Known(systems=found, partners=partners)
    finally:
        await connection.close()


def add_data(parser: ArgumentParser) -> None:
    """Declare where the data are."""
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="数据目录，默认取 XIAONENG_DATA，再默认 xiaoneng-data",
    )


def site_of(arguments: Namespace) -> Site:
    """Return what the arguments and the environment say."""
    given = arguments.data or Path(os.environ.get("XIAONENG_DATA") or "xiaoneng-data")
    return Site(data=given.absolute(), environment=os.environ, command=arguments.command)


def completed(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end. Raises RefusedError, also for a server that is lost meanwhile."""
    try:
        return asyncio.run(work)
    except OTHER_VERSION as error:
        raise RefusedError(
            "migrations-pending",
            f"库表与本版本不符：{error}。",
            "请先执行 xiaoneng up 或 xiaoneng provision，再重新执行本命令。",
        ) from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, NatsError, ConnectionError) as error:
        raise RefusedError(
            "server-lost",
            f"服务器中断了工作：{str(error) or type(error).__name__}。",
            "请确认 PostgreSQL 和 NATS 正常、管理用户权限足够，然后重新执行。",
        ) from error
