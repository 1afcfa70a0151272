"""What an event calls itself, and which publication of the record that is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic_core import from_json

from kernel.relay.epoch import Epoch
from kernel.tenancy import Tenancy


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The CloudEvents source and sequence: 20 digits, of which PostgreSQL counts 18."""

    source: str
    sequence: str


def identity_of(body: bytes) -> Identity | None:
    """Read what an event calls itself; None if it is none of ours."""
    try:
        document = from_json(body)
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    source, sequence = document.get("source"), document.get("sequence")
    if not isinstance(source, str) or not isinstance(sequence, str):
        return None
    if not re.fullmatch("00[0-9]{18}", sequence):
        return None
    return Identity(source=source, sequence=sequence)


def identity_in(tenancy: Tenancy, epochs: Sequence[Epoch], sequence: int) -> Identity:
    """Give what a publication must call itself, by its sequence in the record."""
    epoch = next(each for each in reversed(epochs) if each.after < sequence)
    return Identity(
        source=tenancy.source_in(epoch.number), sequence=f"{sequence - epoch.after:020d}"
    )


def epoch_named(tenancy: Tenancy, source: str) -> int | None:
    """Return the epoch in which the service is called so, opened or not; None for any other."""
    if source == tenancy.source_in(1):
        return 1
    digits = re.search("[1-9][0-9]{0,8}$", source)
    number = int(digits[0]) if digits else 1
    return number if tenancy.source_in(number) == source else None
