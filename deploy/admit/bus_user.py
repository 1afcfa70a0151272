"""The user of a city system on a bus of ours, let in at once where the stack runs."""

import asyncio
import os
import signal
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.nats import write_config
from deploy.local.occupation import held
from deploy.local.stack import Stack
from deploy.provision.jetstream import connected
from deploy.provision.roles import url_for
from deploy.provision.users import user_of_system
from deploy.refusal import RefusedError
from deploy.site import Site

LOCK = "admission.lock"
PATIENCE_SECONDS = 10.0
PAUSE_SECONDS = 0.05


def let_in(site: Site, stack: Stack | None, system: str, postgres_url: str) -> tuple[str, str]:
    """Return the user and the password of a system; a bus of ours that runs knows both by then.

    A bus of others is told by them: the password is "". Raises RefusedError (`nats-unchanged`).
    """
    user = user_of_system(system)
    if site.has_foreign_bus:
        return user, ""
    site.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with held(site.data / LOCK):  # two at once must not write each other out
        password = site.passwords_of([user])[user]
        if stack is not None and stack.nats_pid:
            port = urlsplit(stack.nats_url).port or 0
            write_config(site.data / "nats", site.users(postgres_url), port)
            os.kill(stack.nats_pid, signal.SIGHUP)
            asyncio.run(_await(url_for(stack.nats_url, user, password), user, site.data))
    return user, password


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
