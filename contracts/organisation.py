"""Which units (单位) the city supervises, and under what names."""

from datetime import date
from enum import StrEnum

from contracts.vocabulary import Code, Published, Text, UriReference


class UnitGroup(StrEnum):
    """Groups within which units are compared (分类评议)."""

    PARTY_AND_CONGRESS = "party-and-congress"
    """党政群、人大、政协机关"""
    JUDICIARY = "judiciary"
    """司法机关"""
    GOVERNMENT = "government"
    """政府部门"""
    PUBLIC_SERVICE = "public-service"
    """公共服务行业"""
    DEVELOPMENT_ZONE = "development-zone"
    """开发区"""
    STATIONED = "stationed"
    """中央、省驻芜单位"""
    COUNTY_AND_TOWN = "county-and-town"
    """县区、镇街"""


class Alias(Published):
    """What one city system calls a unit; two systems may give one code to different units."""

    source: UriReference
    code: Code


class UnitRegistered(Published):
    """A unit came under supervision."""

    unit: Code
    """Code of the unit; it never changes and is never given again."""
    name: Text
    group: UnitGroup
    aliases: tuple[Alias, ...] = ()
    """Codes that city systems use for the same unit."""
    effective_from: date
    """First local day on which this holds."""


class UnitRenamed(Published):
    """A unit got another name; its code stays."""

    unit: Code
    name: Text
    effective_from: date
    """First local day of the new name."""


class UnitClosed(Published):
    """A unit ceased to exist."""

    unit: Code
    effective_from: date
    """First local day without the unit."""
    successor: Code | None = None
    """Code of the unit that took over its duties."""
