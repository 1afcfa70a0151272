"""How a stack is told to stop: Ctrl-C, SIGTERM, or the end of its terminal."""

import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

INTERRUPTED = 130
STOPPED = 0
ENDINGS = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: STOPPED, signal.SIGHUP: STOPPED}
ENOUGH = 5
"""Who tells us so often waits for nothing any more."""


class ToldToStop(BaseException):
    """Stop in good order wherever you are, and exit with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Told:
    """Whether we were told to stop: noted by signals, and looked at where stopping is safe.

    Nothing is raised where a signal happens to arrive: in the callback of a weak reference, or
    between two lines of asyncio, it would be lost or tear what must not be torn.
    """

    def __init__(self) -> None:
        self.code: int | None = None
        """The exit code that the first signal asks for, None before one came."""
        self._times = 0

    def hear(self, number: int, _: FrameType | None = None) -> None:
        """Note a signal; after many, end at once, and the kernel ends our servers."""
        self._times += 1
        if self.code is None:
            self.code = ENDINGS[signal.Signals(number)]
        if self._times >= ENOUGH:
            os._exit(self.code)  # nothing is lost: it is as if we were killed

    def check(self) -> None:
        """Raise ToldToStop if we were told."""
        if self.code is not None:
            raise ToldToStop(self.code)

    def pause(self, seconds: float) -> None:
        """Sleep for a moment of a longer wait. Raises ToldToStop."""
        self.check()
        time.sleep(seconds)


@contextmanager
def heeded(which: Iterable[signal.Signals] = tuple(ENDINGS)) -> Iterator[Told]:
    """Note signals while the block runs; what our parent ignores for us, as nohup does, is not.

    They are given back afterwards, unless one came: what was told has only to exit.
    """
    told = Told()
    before = {each: signal.signal(each, told.hear) for each in which if _is_heard(each)}
    try:
        yield told
    finally:
        for each, handler in before.items() if told.code is None else ():
            signal.signal(each, handler)


def _is_heard(number: signal.Signals) -> bool:
    is_ours = current_thread() is main_thread()  # no other thread may ask for signals
    return is_ours and signal.getsignal(number) is not signal.SIG_IGN
