"""What people decide about messages in quarantine, by whichever page or program they ask."""

from kernel.access.principal import Caller
from kernel.intake.quarantine import Unreadable
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.doors import settle
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.reading.refusals import refused


async def resubmit(desk: Desk, message: str, *, caller: Caller) -> Unreadable | None:
    """Read a message again with the code and the systems of today; None once it is released.

    Returns why it still cannot be read. Raises ProblemError: `message-unknown`,
    `message-settled`, `message-expired`.
    """
    async with desk.lent() as connection:
        try:
            now = await desk.now(connection)
            became = await settle.resubmit(connection, message, now, by=caller.acting())
        except Refused as why:
            raise refused(why) from None
    desk.facts.ring()
    return became if isinstance(became, Unreadable) else None


async def discard(desk: Desk, message: str, reason: str, *, caller: Caller) -> None:
    """Give a message up; the record keeps who did, in which role, and why.

    Raises ProblemError: `message-unknown`, `message-settled`, `reason-required`.
    """
    async with desk.lent() as connection:
        try:
            now = await desk.now(connection)
            await settle.discard(connection, message, now, reason, by=caller.acting())
        except Refused as why:
            raise refused(why) from None
    desk.facts.ring()
