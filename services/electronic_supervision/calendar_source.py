"""The working calendar of China: published notices, and statutory festivals beyond the last one."""

from datetime import date
from importlib.metadata import version

import holidays
from chinese_calendar import constants

from services.electronic_supervision.domain.time.calendar import WorkingCalendar

FRIDAY, SATURDAY = 4, 5
LAST_PROVISIONAL_YEAR = 2099
"""The last year for which the lunar calendar is tabulated."""

CHINESE = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


def published_calendar() -> WorkingCalendar:
    """Return the calendar of all notices that `chinesecalendar` knows; provisional beyond."""
    rest = {day: CHINESE[name] for day, name in constants.holidays.items()}
    work = {day: CHINESE[name] for day, name in constants.workdays.items()}
    first, last = min(rest).year, max(rest).year
    return WorkingCalendar(
        version=f"CN-{last}/chinesecalendar-{version('chinesecalendar')}",
        confirmed_from=date(first, 1, 1),
        confirmed_through=settled_through(last),
        rest=statutory_festivals(last + 1, LAST_PROVISIONAL_YEAR) | rest,
        work=work,
    )


def settled_through(year: int) -> date:
    """Return the last day that the notices up to `year`'s settle.

    The next year's notice may still reach back for 元旦 (29 December 2018 was turned into a working
    day by it), except where 1 January falls on a Friday or Saturday and so makes three days off by
    itself.
    """
    makes_three_days_off = date(year + 1, 1, 1).weekday() in {FRIDAY, SATURDAY}
    return date(year, 12, 31 if makes_three_days_off else 28)


def statutory_festivals(first: int, last: int) -> dict[date, str]:
    """Return the days off that the law itself fixes (《全国年节及纪念日放假办法》 as of 2025).

    Without 调休, and without the days given in lieu of a festival on a weekend: which working days
    those are is for the notice to say.
    """
    days = holidays.country_holidays(
        "CN", years=range(first, last + 1), observed=False, language="zh_CN"
    )
    return {day: days[day] for day in sorted(days)}
