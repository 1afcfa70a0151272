"""What is said of a section."""

from typing import assert_never

from contracts import organisation as o
from services.evaluation.domain.section import Event, SectionClosed, SectionOpened, SectionRenamed
from services.evaluation.saying.told import ToldOfSection


def said_of_section(event: Event) -> ToldOfSection:
    """Say in the published language what happened to a section."""
    code, unit, day = event.code, event.unit, event.effective_from
    match event:
        case SectionOpened(name=name):
            return o.SectionOpened(section=code, unit=unit, name=name, effective_from=day)
        case SectionRenamed(name=name):
            return o.SectionRenamed(section=code, unit=unit, name=name, effective_from=day)
        case SectionClosed():
            return o.SectionClosed(section=code, unit=unit, effective_from=day)
        case _:
            assert_never(event)
