"""Why something came to an end, at the bottom of whatever was raised."""

from collections.abc import Iterator


class ServerEndedError(Exception):
    """A server of ours ended by itself; the message names it and its log."""


def reason(error: BaseException) -> Exception:
    """Return what lies at the bottom of a group of errors, a lost server before all else."""
    leaves = list(_leaves(error))
    lost = [each for each in leaves if isinstance(each, ServerEndedError)]
    return (lost or leaves)[0]


def _leaves(error: BaseException) -> Iterator[Exception]:
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _leaves(each)
    else:
        yield error if isinstance(error, Exception) else RuntimeError(repr(error))
