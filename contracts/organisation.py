"""Which units (单位) the city supervises, and their sections, posts and people."""

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


class UnitRegrouped(Published):
    """A unit is compared with those of another group."""

    unit: Code
    group: UnitGroup
    effective_from: date
    """First local day in the new group."""


class AliasAdded(Published):
    """A code of a city system means this unit, in whatever was said of it before too."""

    unit: Code
    alias: Alias


class AliasRemoved(Published):
    """A code of a city system means this unit no more."""

    unit: Code
    alias: Alias


class SectionOpened(Published):
    """A unit has a new section (科室); a section ends with its unit, if not before."""

    section: Code
    """Code of the section; unique in the city, it never changes and is never given again."""
    unit: Code
    name: Text
    effective_from: date
    """First local day with the section."""


class SectionRenamed(Published):
    """A section got another name; its code stays."""

    section: Code
    unit: Code
    name: Text
    effective_from: date
    """First local day of the new name."""


class SectionClosed(Published):
    """A section ceased to exist."""

    section: Code
    unit: Code
    effective_from: date
    """First local day without the section."""


class Place(StrEnum):
    """The two places of a post (AB岗)."""

    A = "A"
    """holds the post"""
    B = "B"
    """covers when A is away"""


class PostEstablished(Published):
    """A unit has a new post (岗位), with nobody in its two places yet."""

    post: Code
    """Code of the post; unique in the city, it never changes and is never given again."""
    name: Text
    unit: Code
    section: Code | None = None
    """Section of the unit to which the post belongs, if to any."""
    effective_from: date
    """First local day with the post."""


class PostRenamed(Published):
    """A post got another name; its code stays."""

    post: Code
    unit: Code
    name: Text
    effective_from: date
    """First local day of the new name."""


class HolderAppointed(Published):
    """Somebody became A or B of a post; whoever it was before is it no more."""

    post: Code
    unit: Code
    place: Place
    person: Code
    effective_from: date
    """First local day in this place."""


class HolderRelieved(Published):
    """Somebody is A or B of a post no more, and nobody else is yet."""

    post: Code
    unit: Code
    place: Place
    person: Code
    effective_from: date
    """First local day on which the place is vacant."""


class HolderWentAway(Published):
    """A or B of a post is away."""

    post: Code
    unit: Code
    place: Place
    person: Code
    first_day: date
    """First local day away."""
    last_day: date | None = None
    """Last local day away; none if it is not known yet."""


class HolderReturned(Published):
    """A or B of a post is back, earlier than was said or after an open absence."""

    post: Code
    unit: Code
    place: Place
    person: Code
    first_day: date
    """First local day of the absence that ends; if it is `effective_from`, nobody was away."""
    effective_from: date
    """First local day at work again."""


class PostAbolished(Published):
    """A post ceased to exist."""

    post: Code
    unit: Code
    effective_from: date
    """First local day without the post."""


class Duty(StrEnum):
    """For what somebody answers in a unit."""

    PRINCIPAL = "principal"
    """主要负责人"""
    DEPUTY_IN_CHARGE = "deputy-in-charge"
    """分管负责人"""
    SECTION_HEAD = "section-head"
    """科室负责人"""
    HANDLER = "handler"
    """经办人"""
    SUPERVISOR = "supervisor"
    """监督员"""


class PersonJoined(Published):
    """Somebody (人员) came into a unit; names of officials are public, and nothing else is told."""

    person: Code
    """Code of the person, no number of an identity card; it is never given again."""
    name: Text
    unit: Code
    section: Code | None = None
    """Section of the unit in which he is, if in any."""
    duty: Duty
    effective_from: date
    """First local day in the unit."""


class PersonRenamed(Published):
    """Somebody got another name; his code stays."""

    person: Code
    unit: Code
    name: Text
    effective_from: date
    """First local day of the new name."""


class PersonMoved(Published):
    """Somebody is in another unit or section, or answers for something else."""

    person: Code
    unit: Code
    """Code of the unit in which he is now; told on the subjects of this unit."""
    section: Code | None = None
    duty: Duty
    effective_from: date
    """First local day on which this holds."""


class PersonLeft(Published):
    """Somebody belongs to no unit any more."""

    person: Code
    unit: Code
    """Code of the unit in which he was last."""
    effective_from: date
    """First local day without him."""
