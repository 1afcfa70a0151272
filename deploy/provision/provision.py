"""The one step that makes roles, schemas, streams and consumers what the code expects."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
from nats.aio.client import Client

from deploy.administrator import administrator
from deploy.provision import consumers, grants, partners, roles, schemas, streams
from deploy.provision.difference import Difference
from deploy.provision.jetstream import JetStreamError, administered
from deploy.provision.settings import Settings
from deploy.refusal import RefusedError
from deploy.tenancies import TENANCIES
from kernel.tenancy import Tenancy

STANDARD = Settings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where a service finds its schema and its bus ("" for none); both URLs hold its password."""

    postgres_url: str = field(repr=False)
    nats_url: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was put right, and the access of each service by its name."""

    applied: Sequence[Difference]
    access: Mapping[str, Access]


class DifferencesError(RefusedError):
    """What is there can't be made what it should be without losing something."""

    def __init__(self, code: str, message: str, fix: str, found: Sequence[Difference]) -> None:
        super().__init__(code, message, fix)
        self.found = found

    def details(self) -> Sequence[str]:
        """Return each difference in one line."""
        return [each.words() for each in self.found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The two servers, and who is to live there."""

    postgres_url: str
    connection: asyncpg.Connection
    client: Client
    passwords: Mapping[str, str]
    settings: Settings
    tenancies: Sequence[Tenancy]


async def provision(
    postgres_url: str,
    nats_url: str,
    passwords: Mapping[str, str],
    settings: Settings = STANDARD,
    tenancies: Sequence[Tenancy] = TENANCIES,
) -> Report:
    """Put right all that differs, and return how each service gets in.

    The URLs are an administrator's; `passwords` are by the names of the services. A second run
    changes nothing. Raises RefusedError; DifferencesError names what it will not touch, and then
    it has touched nothing (`provision-blocked`) or could not finish (`provision-incomplete`).
    """
    async with _site(postgres_url, nats_url, passwords, settings, tenancies) as site:
        # one at a time: else two would both make what is missing
        await site.connection.execute("select pg_advisory_lock(hashtextextended('provision', 2))")
        found = await _differences(site)
        _refuse_what_is_not_safe(found)
        if found:
            await _apply(site, found)
            _refuse_what_is_left(await _differences(site))
    access = {
        each.name: Access(
            postgres_url=roles.url_for(postgres_url, roles.role_of(each), passwords[each.name]),
            nats_url=roles.url_for(nats_url, each.name, passwords[each.name])
            if each.is_on_bus
            else "",
        )
        for each in tenancies
    }
    return Report(applied=found, access=access)


async def plan(
    postgres_url: str,
    nats_url: str,
    passwords: Mapping[str, str],
    settings: Settings = STANDARD,
    tenancies: Sequence[Tenancy] = TENANCIES,
) -> list[Difference]:
    """Return what differs from what should be there, and change nothing. Raises RefusedError."""
    async with _site(postgres_url, nats_url, passwords, settings, tenancies) as site:
        return await _differences(site)


@asynccontextmanager
async def _site(
    postgres_url: str,
    nats_url: str,
    passwords: Mapping[str, str],
    settings: Settings,
    tenancies: Sequence[Tenancy],
) -> AsyncIterator[Site]:
    connection = await administrator(postgres_url)
    try:
        async with administered(nats_url) as client:
            yield Site(
                postgres_url=postgres_url,
                connection=connection,
                client=client,
                passwords=passwords,
                settings=settings,
                tenancies=tenancies,
            )
    except JetStreamError as error:
        raise RefusedError(
            "jetstream-refused",
            f"JetStream 拒绝了：{error}。",
            "请核对管理用户的权限和服务器日志。",
        ) from error
    finally:
        await connection.close()


async def _differences(site: Site) -> list[Difference]:
    found: list[Difference] = []
    for each in site.tenancies:
        password = site.passwords[each.name]
        found += await roles.plan(site.connection, site.postgres_url, each, password)
        found += await schemas.plan(site.connection, each)
    found += await grants.plan(site.connection, site.tenancies)
    for name in streams.streams(site.tenancies):
        found += await streams.plan(site.client, name, site.settings)
    for each in site.tenancies:
        for stream in each.hears:
            state = await consumers.plan(site.client, site.connection, each, stream, site.settings)
            found += state.differences
    return [*found, *await partners.plan(site.client, site.connection)]


async def _apply(site: Site, found: Sequence[Difference]) -> None:
    async with site.connection.transaction():
        for each in site.tenancies:
            role = roles.role_of(each)
            codes = [difference.code for difference in found if difference.where == role]
            await roles.apply(site.connection, each, site.passwords[each.name], codes)
            await schemas.apply(site.connection, each)
        await site.connection.execute("set local search_path to default")
        await grants.apply(site.connection, site.tenancies)
    for name in streams.streams(site.tenancies):
        await streams.apply(site.client, name, site.settings)
    for each in site.tenancies:
        for stream in each.hears:
            await consumers.apply(site.client, site.connection, each, stream, site.settings)
    await partners.apply(site.client, site.connection, site.settings)


def _refuse_what_is_not_safe(found: Sequence[Difference]) -> None:
    if blocked := [each for each in found if not each.is_safe]:
        raise DifferencesError(
            "provision-blocked",
            f"有 {len(blocked)} 处不能由开通程序就地改正，因此什么也没有改。",
            "请逐条处理后重新执行。",
            blocked,
        )


def _refuse_what_is_left(found: Sequence[Difference]) -> None:
    if found:
        raise DifferencesError(
            "provision-incomplete",
            f"开通后仍有 {len(found)} 处不符。",
            "多半是管理用户权限不足；请换用库的属主或超级用户。",
            found,
        )
