"""What a notice of the State Council, early or late, does to a calendar."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.time.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The yearly notice (国务院办公厅关于部分节假日安排的通知): days off and days worked instead.

    `through` is the last day it settles; `version` names the calendar that results.
    """

    version: str
    through: date
    rest: Mapping[date, str]
    work: Mapping[date, str]


def extend(calendar: WorkingCalendar, notice: Notice) -> WorkingCalendar:
    """Settle the provisional days up to the notice's last; confirmed days stay as they are.

    Raises Refused: `notice-settles-nothing` if it ends before the calendar's horizon,
    `notice-changes-confirmed-day` if it contradicts one (that is an amendment: see `amend`).
    """
    horizon = calendar.confirmed_through
    if notice.through <= horizon:
        raise Refused("notice-settles-nothing", field="through")
    named = {*notice.rest, *notice.work}
    if any(day <= horizon and _differs(calendar, notice, day) for day in named):
        raise Refused("notice-changes-confirmed-day", field="rest")
    return replace(
        calendar,
        version=notice.version,
        confirmed_through=notice.through,
        rest={**_outside(calendar.rest, horizon, notice.through), **notice.rest},
        work={**_outside(calendar.work, horizon, notice.through), **notice.work},
    )


def amend(
    calendar: WorkingCalendar, *, version: str, rest: Mapping[date, str], work: Mapping[date, str]
) -> WorkingCalendar:
    """Change single days, even confirmed ones, as a late notice does (劳动节 2019, 春节 2020)."""
    return replace(
        calendar,
        version=version,
        rest={d: why for d, why in calendar.rest.items() if d not in work} | dict(rest),
        work={d: why for d, why in calendar.work.items() if d not in rest} | dict(work),
    )


def _outside(days: Mapping[date, str], horizon: date, through: date) -> dict[date, str]:
    return {day: name for day, name in days.items() if not horizon < day <= through}


def _differs(calendar: WorkingCalendar, notice: Notice, day: date) -> bool:
    return calendar.day(day).working != (day in notice.work)
