"""A year of the working calendar: months of days for the eye, and its exceptions as a list."""

from calendar import Calendar as Weeks
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from services.electronic_supervision.domain.time.calendar import DayKind, WorkingCalendar
from services.electronic_supervision.pages.words import day_words

ONE_DAY = timedelta(days=1)
SHORT = {"农历除夕": "除夕", "抗战胜利70周年纪念日": "纪念日"}


@dataclass(frozen=True, slots=True, kw_only=True)
class YearDay:
    """One day of a month: its kind, and the word beside its number ("" on an ordinary one)."""

    on: date
    kind: str
    word: str
    is_provisional: bool
    is_today: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The weeks of a month, None where a day belongs to another one; `settled` is worded."""

    number: int
    working: int
    settled: str
    weeks: Sequence[Sequence[YearDay | None]]


def months(calendar: WorkingCalendar, year: int, today: date) -> Sequence[Month]:
    """Return the twelve months of a year."""
    return [_month(calendar, year, number, today) for number in range(1, 13)]


def _month(calendar: WorkingCalendar, year: int, number: int, today: date) -> Month:
    weeks = [
        [_day(calendar, on, today) if on.month == number else None for on in week]
        for week in Weeks().monthdatescalendar(year, number)
    ]
    days = [day for week in weeks for day in week if day is not None]
    guessed = [day.on for day in days if day.is_provisional]
    settled = ""
    if guessed:
        settled = "暂定" if len(guessed) == len(days) else f"{guessed[0].day}日起暂定"
    working = sum(calendar.day(day.on).working for day in days)
    return Month(number=number, working=working, settled=settled, weeks=weeks)


def _day(calendar: WorkingCalendar, on: date, today: date) -> YearDay:
    day = calendar.day(on)
    word = {DayKind.WEEKEND: "休", DayKind.SWAPPED: "班", DayKind.WORKING: ""}.get(day.kind)
    return YearDay(
        on=on,
        kind=day.kind.value,
        word=_short(day.name) if word is None else word,
        is_provisional=not calendar.is_confirmed(on),
        is_today=on == today,
    )


def _short(name: str) -> str:
    first = name.partition(";")[0].strip()
    return SHORT.get(first, first)


def name_of_festival(name: str) -> str:
    """Name a festival, or two that fall together."""
    return "、".join(part.strip() for part in name.split(";"))


def exceptions(calendar: WorkingCalendar, year: int, today: date) -> Sequence[Mapping[str, object]]:
    """List the festivals of a year: days off, how many, days worked instead, settled or not."""
    rest = {on: name for on, name in sorted(calendar.rest.items()) if on.year == year}
    work = {on: name for on, name in sorted(calendar.work.items()) if on.year == year}
    found = []
    for name in dict.fromkeys([*rest.values(), *work.values()]):
        off = [on for on, each in rest.items() if each == name]
        swapped = [on for on, each in work.items() if each == name]
        days = [*off, *swapped]
        found.append(
            {
                "name": name_of_festival(name),
                "off": [stretch(begin, end, today) for begin, end in runs(off)],
                "count": len(off),
                "swapped": [day_words(on, today) for on in swapped],
                "is_provisional": any(not calendar.is_confirmed(on) for on in days),
            }
        )
    return found


def runs(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Join days in order that follow each other."""
    if not days:
        return
    begin = days[0]
    for one, other in pairwise(days):
        if other - one > ONE_DAY:
            yield begin, one
            begin = other
    yield begin, days[-1]


def stretch(begin: date, end: date, today: date) -> str:
    """Name days that follow each other."""
    if begin == end:
        return day_words(begin, today)
    return f"{day_words(begin, today)}至{day_words(end, today)}"
