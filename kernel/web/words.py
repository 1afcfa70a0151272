"""What officials are told when a wish is not granted."""

from typing import NamedTuple


class Words(NamedTuple):
    """The HTTP status, what it is called, what is in the way, and what to do about it."""

    status: int
    title: str
    detail: str
    fix: str
