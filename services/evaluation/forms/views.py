"""What callers are shown of the register."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from services.evaluation.domain.person_acts import Duty
from services.evaluation.domain.unit_acts import Group
from services.evaluation.reading.people import PersonRow
from services.evaluation.reading.posts import PostRow
from services.evaluation.reading.sections import SectionRow
from services.evaluation.reading.units import UnitRow


class View(BaseModel):
    """Something that is shown."""

    model_config = ConfigDict(from_attributes=True)


class AliasView(View):
    """What one city system calls a unit."""

    source: str
    code: str


class UnitView(View):
    """A unit as it stands, or stood; `name` holds from `name_from`."""

    code: str
    name: str
    name_from: date
    group: Group
    aliases: list[AliasView]
    effective_from: date
    closed_from: date | None
    successor: str | None

    @classmethod
    def of(cls, row: UnitRow) -> "UnitView":
        """Show a unit."""
        pairs = zip(row.sources, row.codes, strict=True)
        return cls(
            code=row.code,
            name=row.name,
            name_from=row.name_from,
            group=Group(row.unit_group),
            aliases=[AliasView(source=source, code=code) for source, code in pairs],
            effective_from=row.effective_from,
            closed_from=row.closed_from,
            successor=row.successor,
        )


class SectionView(View):
    """A section; `closed_from` is the first local day without it, or without its unit."""

    code: str
    unit: str
    name: str
    name_from: date
    effective_from: date
    closed_from: date | None

    @classmethod
    def of(cls, row: SectionRow) -> "SectionView":
        """Show a section."""
        return cls.model_validate(row)


class HolderView(View):
    """Who is A or B, and whether he is there; away through a day only if it is known."""

    person: str
    name: str
    since: date
    is_present: bool
    away_from: date | None
    away_through: date | None


class PostView(View):
    """A post on a local day; nobody (null) may be its A or B."""

    code: str
    name: str
    unit: str
    section: str | None
    effective_from: date
    closed_from: date | None
    a: HolderView | None
    b: HolderView | None

    @classmethod
    def of(cls, row: PostRow) -> "PostView":
        """Show a post."""
        return cls.model_validate(row)


class PersonView(View):
    """A person; what is told of him holds from `since`, and he is there before `closed_from`."""

    code: str
    name: str
    unit: str
    section: str | None
    duty: Duty
    since: date
    effective_from: date
    closed_from: date | None

    @classmethod
    def of(cls, row: PersonRow) -> "PersonView":
        """Show a person."""
        return cls.model_validate(row)
