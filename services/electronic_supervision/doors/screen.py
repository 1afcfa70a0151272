"""What both doors ask of an event: that it can be read, is of a case, and its speaker's own."""

from dataclasses import dataclass

from contracts.approvals import CaseAccepted, CaseFact, LimitExtended
from contracts.subjects import Subject, SubjectError, parse
from contracts.vocabulary import Limit, LimitUnit
from contracts.wire import UnreadableError
from kernel.intake.heard import Heard, Message, hear
from kernel.intake.quarantine import Unreadable
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.doors.systems import CitySystem
from services.electronic_supervision.hearing import docket_id

LARGEST_NUMBER = 2**63 - 1
DAYS = {LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS}
MOST_DAYS = 3650


OF_NO_CASE = "quarantine"
TOO_LARGE = "too-large"


@dataclass(frozen=True, slots=True)
class Screened:
    """A message with what could be made of it.

    `source` is the one its subject stands for, `noted_in` the stream of the case it names,
    `system` who spoke, None if nobody knows it.
    """

    message: Message
    heard: Heard | Unreadable
    source: str = ""
    noted_in: str = OF_NO_CASE
    system: CitySystem | None = None


def screen(raw: bytes, system: CitySystem, trace: str | None = None) -> Heard | Unreadable:
    """Read an event that a system says; the words of a refusal repeat nothing that was sent."""
    if system.largest is not None and len(raw) > system.largest:
        words = f"an event of this system has {system.largest} bytes at most"
        return Unreadable(code=TOO_LARGE, field="", message=words)
    try:
        heard = hear(raw, trace)
    except UnreadableError as error:
        return Unreadable(code=error.code, field=error.field, message=error.message)
    if heard.event.source != system.source:
        words = f"a system speaks under its own source only, which is {system.source}"
        return Unreadable(code="foreign-source", field="source", message=words)
    if not isinstance(heard.event.data, CaseFact):
        words = "a city system tells of its cases (xiaoneng.approvals.…) and of nothing else"
        return Unreadable(code="foreign-type", field="type", message=words)
    position = heard.event.position
    if position is not None and not 1 <= position <= LARGEST_NUMBER:
        words = "a sequence counts from 1 without gaps; this one no source can have reached"
        return Unreadable(code="sequence-out-of-range", field="sequence", message=words)
    if field := _endless(heard.event.data):
        words = f"a limit of more than {MOST_DAYS} days is a slip; counting it would hold others up"
        return Unreadable(code="limit-out-of-range", field=field, message=words)
    return heard


def _endless(data: CaseFact) -> str:
    """Name the field that holds a limit in days beyond any that could be meant."""
    match data:
        case CaseAccepted(stated_limit=Limit() as limit):
            field = "data.stated_limit.amount"
        case LimitExtended(by=limit):
            field = "data.by.amount"
        case _:
            return ""
    return field if limit.unit in DAYS and limit.amount > MOST_DAYS else ""


def screen_message(message: Message, systems: dict[str, CitySystem]) -> Screened:
    """Read a message of the bus: its subject says who speaks, and of which case."""
    try:
        subject = parse(message.subject)
    except SubjectError:
        words = "the subject is not of the form city.<system>.<context>.<event>.v<N>.<unit>.<key>"
        return Screened(message, Unreadable(code="bad-subject", field="", message=words))
    system = systems.get(subject.system or "")
    if system is None:
        words = "this system was never admitted"
        return Screened(message, Unreadable(code="unknown-system", field="", message=words))
    heard = screen(message.data, system)
    if isinstance(heard, Heard) and (field := _contradicted(subject, heard)):
        words = "the subject says otherwise"
        heard = Unreadable(code="subject-mismatch", field=field, message=words)
    case = CaseKey(source=system.source, number=subject.key)
    noted_in = docket_id(case)
    return Screened(message, heard, source=system.source, noted_in=noted_in, system=system)


def _contradicted(subject: Subject, heard: Heard) -> str:
    """Name the field of an event that its subject contradicts; a grant must not be got around."""
    data = heard.event.data
    if heard.event.type != subject.event_type:
        return "type"
    if isinstance(data, CaseFact) and data.unit != subject.unit:
        return "data.unit"
    if isinstance(data, CaseFact) and data.case != subject.key:
        return "data.case"
    return ""
