"""What is said of a person: his name, his place and his duty, and nothing else."""

from typing import assert_never

from contracts import organisation as o
from services.evaluation.domain.person_acts import (
    Event,
    PersonJoined,
    PersonLeft,
    PersonMoved,
    PersonRenamed,
)
from services.evaluation.saying.told import ToldOfPerson


def said_of_person(event: Event) -> ToldOfPerson:
    """Say in the published language what happened to a person."""
    code, day = event.code, event.effective_from
    match event:
        case PersonJoined(name=name, position=at):
            return o.PersonJoined(
                person=code,
                name=name,
                unit=at.unit,
                section=at.section,
                duty=o.Duty(at.duty.value),
                effective_from=day,
            )
        case PersonRenamed(unit=unit, name=name):
            return o.PersonRenamed(person=code, unit=unit, name=name, effective_from=day)
        case PersonMoved(position=at):
            return o.PersonMoved(
                person=code,
                unit=at.unit,
                section=at.section,
                duty=o.Duty(at.duty.value),
                effective_from=day,
            )
        case PersonLeft(unit=unit):
            return o.PersonLeft(person=code, unit=unit, effective_from=day)
        case _:
            assert_never(event)
