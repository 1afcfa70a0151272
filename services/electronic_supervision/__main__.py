"""`python -m services.electronic_supervision`: one process, told by its environment what to do."""

import asyncio
import gc
import logging
import os
import secrets
import signal
import socket
import sys
from datetime import UTC, datetime

from kernel.web.logs import configure
from services.electronic_supervision.main import run
from services.electronic_supervision.settings import SettingError, from_environment

LOG = logging.getLogger(__name__)


def now() -> datetime:
    """Read the clock of this machine."""
    return datetime.now(tz=UTC)


def listening(port: int) -> None:
    """Tell whoever started us where we are."""
    LOG.info("listening", extra={"port": port})


async def main() -> None:
    """Run until told to stop."""
    settings = from_environment(os.environ)
    holder = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(8)}"
    work = asyncio.create_task(run(settings, clock=now, holder=holder, ready=listening))
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        LOG.info("stopped")


if __name__ == "__main__":
    configure(sys.stdout)
    # a batch makes thousands of values and no cycles: looking for some took a sixth of the time
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    try:
        asyncio.run(main())
    except SettingError as error:
        sys.exit(f"xiaoneng: {error}")
