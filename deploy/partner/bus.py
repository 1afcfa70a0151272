"""A partner on the bus: let in, or shut out, at once where the bus is ours and runs."""

import asyncio
from pathlib import Path

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError

from deploy.local.accounts import User
from deploy.local.leftovers import leftovers
from deploy.local.nats import put_guests
from deploy.local.occupation import held
from deploy.local.reload import reload
from deploy.local.servers import NATS_URL
from deploy.local.stack import Stack
from deploy.partner.keys import Keys
from deploy.partner.record import Held
from deploy.provision.jetstream import JetStreamError, administered
from deploy.provision.partner_consumers import NotAPartnersError, put_consumers, remove_consumers
from deploy.provision.partner_users import account_of, inbox_of, user_of
from deploy.refusal import RefusedError
from deploy.site import Site, completed

LOCK = "admission.lock"
PATIENCE_SECONDS = 10.0
PAUSE_SECONDS = 0.05


def bring_up_to_date(site: Site, stack: Stack | None, partner: Held) -> bool:
    """Have the bus know a partner as it stands, and tell whether its users are ours to change.

    A bus of ours that does not run hears of it when it starts. Consumers are made on any bus that
    runs. Raises RefusedError (`nats-unchanged`, `consumer-taken`).
    """
    is_ours = not site.has_foreign_bus and (stack is None or bool(stack.nats_pid))
    url = site.environment.get(NATS_URL) or (stack.nats_url if stack else "")
    if is_ours and stack is not None:
        _change(site, stack, partner)
        completed(_await(stack, partner, site.data))
    if url:
        completed(_consumers(site, url, partner))
    return is_ours


def _change(site: Site, stack: Stack, partner: Held) -> None:
    folder = site.data / "nats"
    with held(site.data / LOCK):  # two at once must not write each other out
        put_guests(folder, account_of(partner.name), users_of(partner))
        is_there = any(each.pid == stack.nats_pid for each in leftovers(site.data))
        if is_there and not reload(folder, stack.nats_pid):
            raise _unchanged(site.data)


def users_of(partner: Held) -> list[User]:
    """Return the user of a partner, none once it was revoked."""
    if partner.nkey is None:
        return []
    return [user_of(partner.name, partner.terms, partner.nkey)]


async def _await(stack: Stack, partner: Held, data: Path) -> None:
    """Wait until the bus lets new keys in; that it knows old ones no more, their holder finds."""
    if partner.keys is None:
        return
    address = f"nats://127.0.0.1:{stack.nats_url.rpartition(':')[2]}"
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not await is_let_in(address, partner.name, partner.keys):
        if asyncio.get_running_loop().time() > deadline:
            raise _unchanged(data)
        await asyncio.sleep(PAUSE_SECONDS)


def _unchanged(data: Path) -> RefusedError:
    return RefusedError(
        "nats-unchanged",
        "NATS 没有按新的用户重新读取配置。",
        f"请查看 {data / 'nats' / 'nats.log'}，重新执行 xiaoneng up 即可生效。",
    )


async def is_let_in(url: str, name: str, keys: Keys) -> bool:
    """Tell whether a bus lets a partner in by its keys."""

    async def ignore(_: Exception) -> None:
        """It is asked for again."""

    client = Client()
    try:
        await client.connect(
            url,
            nkeys_seed_str=keys.seed,
            inbox_prefix=inbox_of(name),
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            error_cb=ignore,
        )
    except (OSError, NatsError, nats.errors.Error):
        return False
    finally:
        await client.close()
    return True


async def _consumers(site: Site, url: str, partner: Held) -> None:
    try:
        async with administered(url) as client:
            if partner.nkey is None:
                await remove_consumers(client, partner.name, site.settings)
            else:
                await put_consumers(client, partner.name, partner.terms, site.settings)
    except NotAPartnersError as error:
        raise RefusedError(
            "consumer-taken",
            f"总线上已有名为 {error} 的消费者，不属于伙伴系统。",
            "请换一个系统名，或者不用 --durable。",
        ) from error
    except JetStreamError as error:
        raise RefusedError(
            "jetstream-refused",
            f"JetStream 拒绝了：{error}。",
            "请核对管理用户的权限和服务器日志。",
        ) from error
