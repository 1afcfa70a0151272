"""What may be wished of a unit (单位), and what may happen to it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Group(StrEnum):
    """Groups within which units are compared (分类评议)."""

    PARTY_AND_CONGRESS = "party-and-congress"
    JUDICIARY = "judiciary"
    GOVERNMENT = "government"
    PUBLIC_SERVICE = "public-service"
    DEVELOPMENT_ZONE = "development-zone"
    STATIONED = "stationed"
    COUNTY_AND_TOWN = "county-and-town"


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Alias:
    """What one city system calls a unit."""

    source: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterUnit:
    """Put a unit under supervision from a local day on; `aliases` are sorted and all different."""

    code: str
    name: str
    group: Group
    aliases: tuple[Alias, ...]
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameUnit:
    """Call a unit by another name from a local day on."""

    code: str
    name: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RegroupUnit:
    """Compare a unit with those of another group from a local day on."""

    code: str
    group: Group
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAlias:
    """Take what a city system says of a code for a unit, whenever it was said."""

    code: str
    alias: Alias


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveAlias:
    """Take what a city system says of a code for that unit no more."""

    code: str
    alias: Alias


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseUnit:
    """End a unit; `effective_from` is the first local day without it."""

    code: str
    effective_from: date
    successor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A unit came under supervision; its code is never given again."""

    code: str
    name: str
    group: Group
    aliases: tuple[Alias, ...]
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """A unit got another name; its code stays."""

    code: str
    name: str
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """A unit is compared with those of another group."""

    code: str
    group: Group
    effective_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasAdded:
    """A code of a city system means this unit, in whatever was said of it before too."""

    code: str
    alias: Alias


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRemoved:
    """A code of a city system means this unit no more."""

    code: str
    alias: Alias


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A unit ceased to exist, and another may have taken over its duties."""

    code: str
    effective_from: date
    successor: str | None = None


Command = RegisterUnit | RenameUnit | RegroupUnit | AddAlias | RemoveAlias | CloseUnit
Event = Registered | Renamed | Regrouped | AliasAdded | AliasRemoved | Closed
