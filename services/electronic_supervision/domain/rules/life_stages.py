"""How far a rule has got in its life, version by version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from services.electronic_supervision.domain.refused import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """It is written, and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """It was held against history, the last time by this rehearsal."""

    rehearsal: str
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """It is tried out since a local day, `until` a later version is enacted."""

    effective_from: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Active:
    """It holds from a local day on, `until` another one begins."""

    effective_from: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """It ended, or was dropped; `was` is how it held until then."""

    day: date
    reason: str
    was: "Draft | Rehearsed | Shadow | Active"


Stage = Draft | Rehearsed | Shadow | Active | Retired


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of a rule: its text, the digest of the text, and how far it got.

    `rehearsals` are the ids of all that this very text was held against history in.
    """

    number: int
    document: str
    digest: str
    stage: Stage
    rehearsals: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """All versions of a rule, from 1 without a gap; none before anything is known of it."""

    versions: tuple[Version, ...] = ()
    digests: frozenset[str] = field(default_factory=frozenset)  # also of texts since replaced

    def version(self, number: int) -> Version:
        """Return a version. Raises Refused `version-unknown`."""
        if not 1 <= number <= len(self.versions):
            raise Refused("version-unknown", field="version")
        return self.versions[number - 1]


def digest_of(document: str) -> str:
    """Return the digest by which a document is known (SHA-256 of its UTF-8, hexadecimal)."""
    return sha256(document.encode()).hexdigest()
