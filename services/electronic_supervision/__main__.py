"""`python -m services.electronic_supervision`: one process, told by its environment what to do."""

import asyncio
import logging
import os
import sys
from datetime import UTC, datetime

from kernel.process import SettingError, holder, spare_the_collector, until_told
from kernel.web.logs import configure
from services.electronic_supervision.log.refusal import BadInputError
from services.electronic_supervision.main import run
from services.electronic_supervision.settings import from_environment

LOG = logging.getLogger(__name__)


def now() -> datetime:
    """Read the clock of this machine."""
    return datetime.now(tz=UTC)


def listening(port: int) -> None:
    """Tell whoever started us where we are."""
    LOG.info("listening", extra={"event": "listening", "port": port})


async def main() -> None:
    """Run until told to stop."""
    settings = from_environment(os.environ)
    await until_told(run(settings, clock=now, holder=holder(), ready=listening))
    LOG.info("stopped")


if __name__ == "__main__":
    configure(sys.stdout)
    spare_the_collector()
    try:
        asyncio.run(main())
    except SettingError as error:
        sys.exit(f"xiaoneng: {error}")
    except BadInputError as error:
        sys.exit(f"xiaoneng: XIAONENG_CONNECTORS: {error.code}: {error.message}")
