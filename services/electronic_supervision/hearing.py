"""From what a city system says to the facts of a case."""

from collections.abc import Container
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID, uuid5

from contracts import approvals, enforcement
from contracts.envelope import Event
from contracts.vocabulary import Limit as StatedLimit
from contracts.vocabulary import LimitUnit, Published
from services.electronic_supervision.domain.facts import (
    Accepted,
    Begun,
    Decided,
    Delivered,
    Fact,
    Happening,
    LimitExtended,
    Noted,
    Paused,
    Resumed,
    StepFinished,
    StepStarted,
    Transferred,
    Voided,
    Withdrawn,
)
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Hours,
    Limit,
    OfficeHours,
    WorkingDays,
)
from services.electronic_supervision.domain.time.moment import (
    Moment,
    end_of_day,
    start_of_day,
)
from services.electronic_supervision.domain.time.office import Office

NAMESPACE = UUID("3f1c7c3e-6f5c-5d0d-8f4b-2a9d1a4c7e10")


@lru_cache(maxsize=16_384)
def docket_id(key: CaseKey) -> str:
    """Name the stream of a case."""
    return str(uuid5(NAMESPACE, "\n".join(key)))


def fact_of(
    event: Event[Published], received_at: datetime, office: Office, asked: Container[str] = ()
) -> Fact | None:
    """Return what an event means for a verdict, None if it is not about a case.

    A source may claim to have noted it later than we heard of it; then we were first. Of the types
    `asked`, all that the event says comes along.
    """
    data = event.data
    if not isinstance(data, approvals.CaseFact):
        return None
    noted = min(_in_reach(event.recordedtime or received_at, office), received_at)
    at = moment_of(event.time, data.time_known, office)
    return Fact(
        id=event.id,
        at=at,
        recorded_at=noted,
        what=_happening(data, office),
        corrects=data.corrects,
        type=event.type,
        unit=data.unit,
        fields=data.model_dump(mode="json") if event.type in asked else None,
    )


def moment_of(at: datetime, known: approvals.TimeKnown, office: Office) -> Moment:
    """Return when something happened, as precisely as its source knows."""
    near = _in_reach(at, office)
    if known is approvals.TimeKnown.DAY:
        return Moment.day(office.local_date(near), office.zone)
    return Moment.instant(near)


def _in_reach(at: datetime, office: Office) -> datetime:
    """Return an instant, or the nearest that can be told both in UTC and in the office's time.

    Years end at 9999: 0001-01-01T00:00:00+08:00 is legal, and there is no such instant in UTC.
    """
    try:
        at.astimezone(office.zone)
    except OverflowError:
        is_first = at.year == date.min.year
        zone = office.zone
        return start_of_day(date.min, zone) if is_first else end_of_day(date.max, zone)
    return at


def _happening(data: approvals.CaseFact, office: Office) -> Happening:
    match data:
        case approvals.CaseReceived(unit=unit, item=item):
            return Begun(unit=unit, item=item)
        case enforcement.InspectionConducted(unit=unit) | enforcement.PenaltyDecided(unit=unit):
            return Begun(unit=unit)
        case approvals.CaseAccepted():
            return _accepted(data, office)
        case approvals.CaseDecided():
            return Decided()
        case approvals.ResultDelivered():
            return Delivered()
        case approvals.CaseWithdrawn():
            return Withdrawn()
        case approvals.FactVoided(voids=fact):
            return Voided(fact=fact)
        case _:
            return _on_the_way(data)


def _on_the_way(data: approvals.CaseFact) -> Happening:
    match data:
        case approvals.ClockPaused(pause=pause, ground=ground):
            return Paused(pause=pause, ground=ground.value)
        case approvals.ClockResumed(pause=pause):
            return Resumed(pause=pause)
        case approvals.StepStarted(step=step, holder=holder):
            return StepStarted(step=step, holder=holder or "")
        case approvals.StepFinished(step=step):
            return StepFinished(step=step)
        case approvals.LimitExtended(by=by):
            return LimitExtended(by=limit_of(by))
        case approvals.CaseTransferred(to_unit=unit):
            return Transferred(to_unit=unit)
        case _:
            return Noted()


def _accepted(data: approvals.CaseAccepted, office: Office) -> Accepted:
    due = None
    if data.stated_due is not None:
        due = Moment.instant(_in_reach(data.stated_due, office))
    elif data.stated_due_on is not None:
        due = Moment.day(data.stated_due_on, office.zone)
    limit = None if data.stated_limit is None else limit_of(data.stated_limit)
    return Accepted(
        unit=data.unit,
        item=data.item,
        stated_due=due,
        stated_limit=limit,
        enterprise=data.enterprise or "",
    )


def limit_of(stated: StatedLimit) -> Limit:
    """Translate a limit of the published language."""
    match stated.unit:
        case LimitUnit.WORKING_DAYS:
            return WorkingDays(stated.amount)
        case LimitUnit.CALENDAR_DAYS:
            return CalendarDays(stated.amount)
        case LimitUnit.OFFICE_MINUTES:
            return OfficeHours(timedelta(minutes=stated.amount))
        case LimitUnit.MINUTES:
            return Hours(timedelta(minutes=stated.amount))
