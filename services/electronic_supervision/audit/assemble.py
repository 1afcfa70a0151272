"""Put the records of one case together, and name what is odd about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.log.record import Record, Rejected, Step

UNKNOWN_UNIT = "(unknown)"

Value = TypeVar("Value")


class Anomaly(StrEnum):
    """What is odd about a case before it is judged; the engine's flags come beside it."""

    DUPLICATE_ID = "duplicate-id"
    CASE_FIELD_VARIES = "case-field-varies"
    MISSING_UNIT = "missing-unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedCase:
    """One case as the log tells it. `line` is None for a trace of an .xes."""

    line: int | None
    id: str
    unit: str
    item: str
    accepted: Moment
    due: Moment | None
    finished: Moment | None
    steps: tuple[Step, ...]
    anomalies: frozenset[str]


def assemble(records: Sequence[Record], *, stepwise: bool) -> LoggedCase | Rejected:
    """Make one case of all records with its id.

    Without steps the last record wins. `stepwise`, where each record tells of steps of the case,
    the first value of each field that is not empty wins. Refused as `missing-accepted-time` if no
    record says when the case was accepted.
    """
    first = records[0]
    told = records if stepwise else records[-1:]
    accepted = _first([record.accepted for record in told])
    if accepted is None:
        return Rejected(
            line=first.line,
            case=first.case_id if first.line is None else None,
            code="missing-accepted-time",
            field="accepted_at",
            column=None,
            text="",
        )
    unit = _first([record.unit for record in told])
    return LoggedCase(
        line=told[0].line,
        id=first.case_id,
        unit=unit or UNKNOWN_UNIT,
        item=_first([record.item for record in told]) or "",
        accepted=accepted,
        due=_first([record.due for record in told]),
        finished=_first([record.finished for record in told]),
        steps=tuple(step for record in told for step in record.steps),
        anomalies=_anomalies(records, told, unit),
    )


def _first(values: Sequence[Value | None]) -> Value | None:
    return next((value for value in values if value), None)


def _anomalies(
    records: Sequence[Record], told: Sequence[Record], unit: str | None
) -> frozenset[str]:
    found = set()
    is_step_per_row = len(told) > 1 and told[0].line is not None
    if len(records) > 1 and not is_step_per_row:
        found.add(Anomaly.DUPLICATE_ID)
    if any(_varies(told, field) for field in ("unit", "item", "accepted", "due", "finished")):
        found.add(Anomaly.CASE_FIELD_VARIES)
    if not unit:
        found.add(Anomaly.MISSING_UNIT)
    return frozenset(found)


def _varies(told: Sequence[Record], field: str) -> bool:
    return len({value for record in told if (value := getattr(record, field))}) > 1
