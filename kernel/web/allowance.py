"""Routes that take more, and longer, than all others: whole documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Bytes that a body may have, and seconds until it is in and until an answer begins.

    What takes so much reads it after it has asked who the caller is.
    """

    largest: int
    body_seconds: float
    patience_seconds: float


Allowances = Mapping[str, Allowance]
"""By the path of a route, without parameters."""
NO_MORE: Allowances = MappingProxyType({})
