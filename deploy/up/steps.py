"""The steps of a start, shown while they happen."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from deploy.block import width
from deploy.up.told import Told

COLUMNS = 44


@contextmanager
def step(words: str, out: TextIO, told: Told) -> Iterator[None]:
    """Show what is done while the block runs, and how long it took.

    Raises ToldToStop if we were told before it begins.
    """
    told.check()
    _write(f"{words} ", out)
    began = time.perf_counter()
    try:
        yield
    except BaseException:
        _write("\n", out)  # whatever is said next begins a line
        raise
    dots = "." * max(2, COLUMNS - width(words))
    _write(f"{dots} {time.perf_counter() - began:.1f} 秒\n", out)


def _write(text: str, out: TextIO) -> None:
    out.write(text)
    out.flush()
