"""The explanation of a verdict as plain data, so that anyone can recompute it offline."""

from typing import Any, assert_never

from services.electronic_supervision.domain.case import Extension, Mark
from services.electronic_supervision.domain.explanation import Explanation
from services.electronic_supervision.domain.stages import Stage
from services.electronic_supervision.domain.time.count import budget
from services.electronic_supervision.domain.time.intervals import Interval
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Due,
    Hours,
    Limit,
    OfficeHours,
    StatedDue,
    WorkingDays,
)


def as_data(told: Explanation) -> dict[str, Any]:
    """Return an explanation as what JSON can hold: instants in ISO 8601 (UTC), amounts as numbers.

    An interval's `amount`, and `over`, are days, or microseconds where the limit is in hours.
    """
    return {
        "source": told.key.source,
        "case": told.key.number,
        "clock": told.clock,
        "verdict": told.verdict.value,
        "over": told.over,
        "rule": {"id": told.rule, "version": told.rule_version, "clause": told.clause},
        "calendar": {
            "version": told.calendar_version,
            "confirmed_through": told.confirmed_through.isoformat(),
            "timezone": told.zone,
        },
        "as_of": told.as_of.isoformat(),
        "limits": [_limit(limit) for limit in told.limits],
        "extensions": [_extension(extension) for extension in told.extensions],
        "extensions_too_late": [_extension(extension) for extension in told.too_late],
        "start": _mark(told.start),
        "due": None if told.due is None else _due(told.due),
        "end": None if told.end is None else _mark(told.end),
        "within": [_interval(interval) for interval in told.within],
        "beyond": [_interval(interval) for interval in told.beyond],
        "idle_pauses": list(told.idle),
        "levels": [_stage(stage) for stage in told.stages],
        "grace": [_interval(interval) for interval in told.grace],
        "doubts": [flag.value for flag in told.doubts],
    }


def _limit(limit: Limit | StatedDue) -> dict[str, int | str]:
    match limit:
        case WorkingDays(days):
            return {"working_days": days}
        case CalendarDays(days):
            return {"calendar_days": days}
        case OfficeHours():
            return {"office_microseconds": budget(limit)}
        case Hours():
            return {"microseconds": budget(limit)}
        case StatedDue(due):
            return {"stated_due": due.latest.isoformat()}
        case _:
            assert_never(limit)


def _extension(extension: Extension) -> dict[str, Any]:
    return {"by": _limit(extension.by), "fact": extension.fact}


def _stage(stage: Stage) -> dict[str, Any]:
    fires_at = stage.fires_at.isoformat()
    return {"level": stage.level.value, "at": fires_at, "due": _due(stage.due)}


def _mark(mark: Mark) -> dict[str, str]:
    earliest, latest = mark.at.earliest.isoformat(), mark.at.latest.isoformat()
    return {"earliest": earliest, "latest": latest, "fact": mark.fact}


def _due(due: Due) -> dict[str, Any]:
    return {
        "at": due.at.isoformat(),
        "on": due.on.isoformat(),
        "whole_day": due.whole_day,
        "provisional": due.provisional,
    }


def _interval(interval: Interval) -> dict[str, Any]:
    return {
        "begin": interval.begin.isoformat(),
        "end": None if interval.end is None else interval.end.isoformat(),
        "amount": interval.amount,
        "reason": interval.reason.value,
        "note": interval.note,
        "facts": list(interval.facts),
        "provisional": interval.provisional,
    }
