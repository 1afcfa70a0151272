"""Whether a process can do its work, and what is in the way."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is in the way: a stable code, and words for the operator on what to do."""

    code: str
    message: str


Check = Callable[[], Awaitable[Sequence[Problem]]]
"""Looks at one thing and returns what is in the way, nothing if all is well."""
