"""Whether a process can do its work, what is in the way, and what people should know beside."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is in the way: a stable code, and words for the operator on what to do.

    What is not in the way is told all the same: the fault of a system outside, say.
    """

    code: str
    message: str
    is_in_the_way: bool = True


Check = Callable[[], Awaitable[Sequence[Problem]]]
"""Looks at one thing and returns what is in the way, nothing if all is well."""
