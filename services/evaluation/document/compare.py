"""What a line of a document asks for, compared with what the register says of its entry."""

from typing import assert_never

from services.evaluation.document.compare_posts import post_steps
from services.evaluation.document.lines import (
    AliasLine,
    AnyLine,
    PersonLine,
    PostLine,
    SectionLine,
    UnitLine,
)
from services.evaluation.document.snapshot import Snapshot
from services.evaluation.document.wish import Steps, Turn, begin, changes, make_sure
from services.evaluation.domain.person_acts import LetGo, MovePerson, Position, RenamePerson, TakeOn
from services.evaluation.domain.refused import Refused
from services.evaluation.domain.section import CloseSection, OpenSection, RenameSection
from services.evaluation.domain.unit_acts import (
    AddAlias,
    Alias,
    CloseUnit,
    RegisterUnit,
    RegroupUnit,
    RenameUnit,
)


def current(line: AnyLine, now: Snapshot) -> AnyLine | None:
    """Return what the register says of a line's entry, None if it does not know it."""
    match line:
        case UnitLine():
            return now.units.get(line.code)
        case AliasLine():
            return now.aliases.get((line.source, line.code))
        case SectionLine():
            return now.sections.get(line.code)
        case PersonLine():
            return now.people.get(line.code)
        case PostLine():
            return now.posts.get(line.code)
        case _:
            assert_never(line)


def steps(line: AnyLine, now: Snapshot) -> Steps:
    """Return the commands that make the register say what a line says. Raises Refused.

    Codes: `unit-closed` and the like, `field-fixed`, `date-alone`, `date-missing`.
    """
    if (known := current(line, now)) is not None and not changes(known, line):
        return []
    match line:
        case UnitLine():
            return _unit(line, now.units.get(line.code))
        case AliasLine():
            return _alias(line)
        case SectionLine():
            return _section(line, now.sections.get(line.code))
        case PersonLine():
            return _person(line, now.people.get(line.code))
        case PostLine():
            return post_steps(line, now.posts.get(line.code))
        case _:
            assert_never(line)


def _unit(line: UnitLine, known: UnitLine | None) -> Steps:
    code, day = line.code, line.effective_from
    told: Steps = []
    if known is None:
        first = RegisterUnit(
            code=code, name=line.name, group=line.group, aliases=(), effective_from=begin(line)
        )
        told.append((Turn.UNITS, first))
    else:
        make_sure((known, line), closed="unit-closed")
        if line.name != known.name:
            told.append((Turn.UNITS, RenameUnit(code=code, name=line.name, effective_from=day)))
        if line.group != known.group:
            regrouping = RegroupUnit(code=code, group=line.group, effective_from=day)
            told.append((Turn.UNITS, regrouping))
    if line.successor is not None and line.closed_from is None:
        raise Refused("date-missing", field="closed_from")
    if line.closed_from is not None:
        end = CloseUnit(code=code, effective_from=line.closed_from, successor=line.successor)
        told.append((Turn.UNIT_ENDS, end))
    return told


def _alias(line: AliasLine) -> Steps:
    # of another unit that stays, it is never taken: that is for whoever keeps the register to say
    alias = Alias(source=line.source, code=line.code)
    return [(Turn.ALIASES_GIVEN, AddAlias(code=line.unit, alias=alias))]


def _section(line: SectionLine, known: SectionLine | None) -> Steps:
    code, day = line.code, line.effective_from
    told: Steps = []
    if known is None:
        first = OpenSection(code=code, unit=line.unit, name=line.name, effective_from=begin(line))
        told.append((Turn.SECTIONS, first))
    else:
        make_sure((known, line), "unit", closed="section-closed")
        if line.name != known.name:
            renaming = RenameSection(code=code, name=line.name, effective_from=day)
            told.append((Turn.SECTIONS, renaming))
    if line.closed_from is not None:
        end = CloseSection(code=code, effective_from=line.closed_from)
        told.append((Turn.SECTION_ENDS, end))
    return told


def _person(line: PersonLine, known: PersonLine | None) -> Steps:
    code, day = line.code, line.effective_from
    at = Position(unit=line.unit, section=line.section, duty=line.duty)
    told: Steps = []
    if known is None:
        first = TakeOn(code=code, name=line.name, position=at, effective_from=begin(line))
        told.append((Turn.PEOPLE, first))
    else:
        make_sure((known, line), closed="person-left")
        if line.name != known.name:
            told.append((Turn.PEOPLE, RenamePerson(code=code, name=line.name, effective_from=day)))
        if at != Position(unit=known.unit, section=known.section, duty=known.duty):
            told.append((Turn.PEOPLE, MovePerson(code=code, position=at, effective_from=day)))
    if line.closed_from is not None:
        told.append((Turn.PEOPLE_ENDS, LetGo(code=code, effective_from=line.closed_from)))
    return told
