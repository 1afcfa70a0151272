"""How a stack is told to stop: Ctrl-C, SIGTERM, or the end of its terminal."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
STOPPED = 0
ENDINGS = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: STOPPED, signal.SIGHUP: STOPPED}


class ToldToStop(BaseException):
    """Stop in good order wherever you are, and exit with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def heeded() -> Iterator[None]:
    """Raise ToldToStop for the first signal that comes while the block runs; ignore the others.

    What is stopped once must not be torn from its stopping, but for SIGKILL, which nobody hears.
    """

    known = _heard()

    def hear(number: int, _: FrameType | None) -> None:
        ignore()
        raise ToldToStop(ENDINGS[signal.Signals(number)])

    before = {each: signal.signal(each, hear) for each in known}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


async def until_told() -> int:
    """Return the exit code once we are told to stop; from then on, nobody is heard."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[int] = loop.create_future()

    def hear(code: int) -> None:
        if not told.done():
            told.set_result(code)

    for each in _heard():
        loop.add_signal_handler(each, hear, ENDINGS[each])
    return await told


def ignore() -> None:
    """Hear nobody any more: what is told to stop is stopping already."""
    for each in ENDINGS:
        signal.signal(each, signal.SIG_IGN)


def _heard() -> list[signal.Signals]:
    """Return the signals that tell us; what our parent ignores for us, as nohup does, does not."""
    return [each for each in ENDINGS if signal.getsignal(each) is not signal.SIG_IGN]
