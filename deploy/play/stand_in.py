"""The user by which we speak for a city system on the bus, let in at once where the stack runs."""

import asyncio
from pathlib import Path

from deploy.local.leftovers import leftovers
from deploy.local.nats import passwords_in, put_guests
from deploy.local.occupation import held
from deploy.local.reload import reload
from deploy.local.stack import Stack
from deploy.provision.jetstream import connected
from deploy.provision.passwords import given_password, refuse_shared
from deploy.provision.roles import url_for
from deploy.provision.users import names, system, user_of_system
from deploy.refusal import RefusedError
from deploy.site import Site, completed, known_in
from deploy.tenancies import TENANCIES

LOCK = "admission.lock"
PATIENCE_SECONDS = 10.0
PAUSE_SECONDS = 0.05


def make_sure_of_own_password(
    site: Site, stack: Stack | None, speaker: str, postgres_url: str
) -> None:
    """Refuse a system that the environment would give another's password.

    Raises RefusedError (`password-shared`).
    """
    on_bus = passwords_in(site.data / "nats") if stack is not None and stack.nats_pid else {}
    known = completed(known_in(postgres_url)).systems
    refuse_shared([*on_bus, *names(TENANCIES, [*known, speaker])], site.environment)


def let_in(site: Site, stack: Stack | None, speaker: str) -> tuple[str, str]:
    """Return the user and the password of a system; a bus of ours that runs knows both by then.

    A bus of others is told by them: the password is "". Raises RefusedError (`nats-unchanged`).
    """
    user = user_of_system(speaker)
    if site.has_foreign_bus or (stack is not None and not stack.nats_pid):
        return user, ""
    if stack is None:
        return user, site.passwords_of([user])[user]
    with held(site.data / LOCK):  # two at once must not write each other out
        password = _admit_to(site, stack, speaker)
    asyncio.run(_await(url_for(stack.nats_url, user, password), user, site.data))
    return user, password


def _admit_to(site: Site, stack: Stack, speaker: str) -> str:
    """Add a system to what the bus was started with, and return its password.

    What others may do, and by which passwords, was said to `up`: we may know nothing of it here.
    """
    user, folder = user_of_system(speaker), site.data / "nats"
    known = passwords_in(folder)
    is_settled = user in known and not given_password(user, site.environment)
    password = known[user] if is_settled else site.passwords_of([user])[user]
    spoken_for = system(speaker, password)
    put_guests(folder, spoken_for.account, [spoken_for])
    if any(each.pid == stack.nats_pid for each in leftovers(site.data)):
        reload(folder, stack.nats_pid)  # that it did not shows when the user is not let in
    return password


async def _await(url: str, user: str, folder: Path) -> None:
    """Wait until the bus lets the user in."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while True:
        try:
            client = await connected(url, user)
        except RefusedError as error:
            if asyncio.get_running_loop().time() > deadline:
                raise RefusedError(
                    "nats-unchanged",
                    f"NATS 没有接受新用户 {user}。",
                    f"请查看 {folder / 'nats' / 'nats.log'}，重新执行 xiaoneng up 即可生效。",
                ) from error
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            await client.close()
            return
