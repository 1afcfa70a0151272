"""What is to be said of a case, since its rows say other than the record."""

from collections.abc import Sequence
from dataclasses import replace

from contracts.approvals import CaseAccepted, CaseDecided, FactVoided, StepFinished
from services.electronic_supervision.audit.assemble import UNKNOWN_UNIT
from services.electronic_supervision.connect.known import Known, KnownCase
from services.electronic_supervision.connect.telling import UNKNOWN, Fact
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.hearing import moment_of
from services.electronic_supervision.log.map import LogMap
from services.electronic_supervision.log.record import Record

REMOVED = "来源系统已删去办结时间"


class ToldOtherwise(Exception):
    """The system itself has told of this case, and told it otherwise: a map must not correct it."""


def to_say(facts: Sequence[Fact], known: KnownCase, log_map: LogMap) -> list[Fact]:
    """Return what is new, and what corrects or voids what a map told before.

    A step is known by its name and time: told with another time, it is another step. Raises
    ToldOtherwise.
    """
    said = [other for fact in facts if (other := _changed(fact, known))]
    has_end = any(isinstance(fact.data, CaseDecided) for fact in facts)
    # in a table of steps an empty cell says nothing: another row may tell
    if not has_end and log_map.event is None and log_map.case.finished_at is not None:
        said += [_void(each) for each in known.ends if each.is_of_map]
    return said


def _told_of(fact: Fact, known: KnownCase) -> Sequence[Known]:
    """Return what stands in the place of a fact."""
    match fact.data:
        case CaseAccepted():
            return known.acceptances
        case CaseDecided():
            return known.ends
        case StepFinished(step=step):
            return [
                each
                for each in known.steps
                if isinstance(each.data, StepFinished)
                and (each.data.step, each.fact.at) == (step, fact.at)
                and each.data.time_known == fact.data.time_known
            ]
        case _:
            return ()


def _changed(fact: Fact, known: KnownCase) -> Fact | None:
    told = _told_of(fact, known)
    if not told:
        return _anew(fact, known)
    if any(_content(fact) == _content(each.fact) for each in told):
        return None
    wrong = next((each for each in told if each.is_of_map), None)
    if wrong is None:
        raise ToldOtherwise(fact.data.case)
    return replace(fact, data=fact.data.model_copy(update={"corrects": wrong.event.id}))


def _anew(fact: Fact, known: KnownCase) -> Fact:
    """Tell an end that came back after it was voided as another event than the voided one."""
    if not isinstance(fact.data, CaseDecided) or not known.struck:
        return fact
    voided = known.struck[-1].event.id
    return replace(fact, data=fact.data.model_copy(update={"corrects": voided}))


def _content(fact: Fact) -> tuple[object, ...]:
    """Return what of a fact a map can tell."""
    data = fact.data
    told: tuple[object, ...] = (fact.at, data.time_known, data.unit)
    match data:
        case CaseAccepted():
            due = (data.stated_due, data.stated_due_on, data.stated_limit)
            return (*told, data.item, *due)
        case StepFinished():
            return (*told, data.step, data.holder)
        case _:
            return told


def _void(end: Known) -> Fact:
    # at an instant that is the same however often this is tried, and never in the future
    data = FactVoided(case=end.data.case, unit=end.data.unit, voids=end.event.id, reason=REMOVED)
    return Fact(at=end.recorded_at, data=data)


def completed(
    records: Sequence[Record], known: KnownCase, log_map: LogMap, office: Office
) -> Sequence[Record]:
    """Let stand what was told of a case where its rows say nothing.

    In a table of steps a reading may hold the latest rows of a case only.
    """
    if log_map.event is None or not known.acceptances:
        return records
    told = known.acceptances[0]
    if not isinstance(told.data, CaseAccepted):
        return records
    first, data = records[0], told.data
    of_all = {
        name: any(getattr(each, name) for each in records)
        for name in ("unit", "item", "accepted", "due", "finished")
    }
    end = known.ends[0] if known.ends else None
    return [
        replace(
            first,
            unit=first.unit if of_all["unit"] else _meant(data.unit, UNKNOWN_UNIT),
            item=first.item if of_all["item"] else _meant(data.item, UNKNOWN),
            accepted=first.accepted if of_all["accepted"] else _moment(told, log_map, office),
            due=first.due if of_all["due"] else _due(data, log_map),
            finished=first.finished
            if of_all["finished"] or end is None
            else _moment(end, log_map, office),
        ),
        *records[1:],
    ]


def _meant(told: str, unknown: str) -> str:
    return "" if told == unknown else told


def _moment(told: Known, log_map: LogMap, office: Office) -> Moment:
    at = moment_of(told.event.time, told.data.time_known, office)
    if not at.is_day:
        return at
    return Moment.day(office.local_date(at.earliest), log_map.timezone)


def _due(data: CaseAccepted, log_map: LogMap) -> Moment | None:
    if data.stated_due is not None:
        return Moment.instant(data.stated_due)
    if data.stated_due_on is not None:
        return Moment.day(data.stated_due_on, log_map.timezone)
    return None
