"""What may be wished of the bands of an offence (行政处罚自由裁量), and what may happen."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A grade (档次): under which circumstances a fine is from least to most, in fen, inclusive."""

    code: str
    circumstances: str
    least: int
    most: int

    def allows(self, fen: int) -> bool:
        """Tell whether a fine is within the band."""
        return self.least <= fen <= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDiscretionBands:
    """Have an offence fined by these grades from a local day on."""

    offence: str
    name: str
    clause: str
    grades: tuple[Grade, ...]
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseDiscretionBands:
    """Have an offence fined otherwise from a local day on."""

    offence: str
    name: str
    clause: str
    grades: tuple[Grade, ...]
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RepealDiscretionBands:
    """Have no bands for an offence; `effective_from` is the first local day without them.

    On the very day from which they were set: they never were.
    """

    offence: str
    reason: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscretionBandsSet:
    """An offence has bands of discretion."""

    offence: str
    name: str
    clause: str
    grades: tuple[Grade, ...]
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscretionBandsRevised:
    """An offence has other bands from a day on."""

    offence: str
    name: str
    clause: str
    grades: tuple[Grade, ...]
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscretionBandsRepealed:
    """An offence has no bands any more."""

    offence: str
    reason: str
    effective_from: date


Command = SetDiscretionBands | ReviseDiscretionBands | RepealDiscretionBands
Event = DiscretionBandsSet | DiscretionBandsRevised | DiscretionBandsRepealed
