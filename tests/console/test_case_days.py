"""The days on the page of a case say what its explanation says."""

from datetime import datetime, timedelta

from hypothesis import given

from services.electronic_supervision.domain.case import fold
from services.electronic_supervision.domain.clocks import clocks
from services.electronic_supervision.domain.explanation import HOURLY, Explanation, explain
from services.electronic_supervision.domain.facts import Fact, LimitExtended
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Limit,
    OfficeHours,
    WorkingDays,
)
from services.electronic_supervision.domain.words import conclusion
from services.electronic_supervision.pages.case.days import MOST_WEEKS, DayCell, legend, weeks
from tests.electronic_supervision.domain.timeline import (
    LONG_AFTER,
    OFFICE,
    accepted,
    decided,
    fact,
    histories,
    limits,
    local,
    paused,
    resumed,
    terms,
)

KEY = CaseKey("/wuhu/administrative-approval", "340200-2026-0000001")


def told(facts: list[Fact], limit: Limit | None, as_of: datetime = LONG_AFTER) -> Explanation:
    case, rule = fold(facts), terms(limit)
    return explain(KEY, case, next(clocks(case, rule)), OFFICE, as_of)


def days(explanation: Explanation) -> list[DayCell]:
    return [day for week in weeks(explanation, OFFICE) for day in week.days]


def on(explanation: Explanation, day: str) -> DayCell:
    return next(cell for cell in days(explanation) if str(cell.on) == day)


def texts(explanation: Explanation, begin: str, end: str) -> str:
    return " ".join(cell.text for cell in days(explanation) if begin <= str(cell.on) <= end)


def test_each_working_day_has_its_number_and_each_day_off_its_letter() -> None:
    account = told([accepted("2026-09-21 10:00")], WorkingDays(5), local("2026-10-09 10:00"))
    assert texts(account, "2026-09-21", "2026-09-27") == "起 1 2 3 节 节 节"
    assert texts(account, "2026-09-28", "2026-10-04") == "4 5 +1 节 节 节 节"
    assert on(account, "2026-09-29").marks == ("届满",)
    assert on(account, "2026-10-09").marks == ("督办届满", "今日")


def test_a_swapped_saturday_counts_and_says_so() -> None:
    account = told([accepted("2026-10-08 10:00")], WorkingDays(2), local("2026-10-09 10:00"))
    saturday = on(account, "2026-10-10")
    assert (saturday.text, saturday.is_swapped, saturday.is_ahead) == ("2", True, True)
    assert "调休上班，计入" in [each["words"] for each in legend(weeks(account, OFFICE))]


def test_days_of_a_pause_are_stopped_and_one_without_an_end_lasts() -> None:
    facts = [
        accepted("2026-11-02 10:00"),
        paused("2026-11-04 10:00"),
        resumed("2026-11-05 16:00"),
        paused("2026-11-09 10:00", pause="2"),
    ]
    account = told(facts, WorkingDays(5), local("2026-11-12 10:00"))
    assert texts(account, "2026-11-02", "2026-11-08") == "起 1 停 停 2 休 休"
    assert texts(account, "2026-11-09", "2026-11-12") == "停 停 停 停"


def test_the_days_of_grace_are_told_while_they_are_still_ahead() -> None:
    account = told([accepted("2026-11-02 10:00")], WorkingDays(5), local("2026-11-10 10:00"))
    assert texts(account, "2026-11-09", "2026-11-12") == "5 +1 督2 督3"
    assert on(account, "2026-11-12").marks == ("督办届满",)


def test_of_a_case_that_ended_in_time_nothing_is_told_beyond_its_limit() -> None:
    facts = [accepted("2026-11-02 10:00"), decided("2026-11-04 10:00")]
    account = told(facts, WorkingDays(5))
    assert {cell.part for cell in days(account)} == {"within", ""}
    assert on(account, "2026-11-04").marks == ("结束",)
    assert on(account, "2026-11-05").is_ahead


def test_office_hours_are_told_by_the_day() -> None:
    limit = OfficeHours(timedelta(hours=10))
    account = told([accepted("2026-11-02 15:10")], limit, local("2026-11-02 16:00"))
    assert texts(account, "2026-11-02", "2026-11-04") == "2:20 6:30 1:10"


def test_days_that_follow_hours_are_numbered_by_themselves() -> None:
    extended = fact("extended", "2026-11-03 09:30", LimitExtended(by=WorkingDays(2)))
    facts = [accepted("2026-11-02 15:10"), extended]
    account = told(facts, OfficeHours(timedelta(hours=10)), local("2026-11-04 16:00"))
    assert texts(account, "2026-11-02", "2026-11-06") == "2:20 6:30 1:10 1 2"


def test_provisional_days_are_hatched() -> None:
    account = told([accepted("2026-12-29 10:00")], WorkingDays(4), local("2026-12-30 10:00"))
    assert next(str(cell.on) for cell in days(account) if cell.is_provisional) == "2027-01-01"
    assert legend(weeks(account, OFFICE))[-1]["kind"] == "provisional"


def test_a_case_of_eight_years_shows_the_weeks_around_its_turning_points() -> None:
    account = told([accepted("2018-03-02 10:00")], WorkingDays(20), local("2026-11-25 10:00"))
    shown = weeks(account, OFFICE)
    assert len(shown) <= MOST_WEEKS
    assert on(account, "2026-11-25").text == f"+{account.over}"
    assert on(account, "2018-03-30").marks == ("届满",)
    first, last = shown[0].days[0].on, shown[-1].days[-1].on
    assert sum(7 + week.left_out for week in shown) == (last - first).days + 1


def test_a_pause_until_the_end_of_the_calendar_is_laid_out_at_once() -> None:
    facts = [
        accepted("2026-11-02 10:00"),
        paused("2026-11-04 10:00"),
        resumed("8990-11-05 16:00"),
    ]
    assert len(weeks(told(facts, WorkingDays(5)), OFFICE)) <= MOST_WEEKS


@given(histories(), limits)
def test_the_days_shown_agree_with_the_account(facts: list[Fact], limit: Limit) -> None:
    account = told(facts, limit, local("2026-11-25 10:00"))
    cells = days(account)
    if account.due is not None:
        due = next(cell for cell in cells if cell.on == account.due.on)
        assert "届满" in due.marks
    for cell in cells:
        begin, end = OFFICE.midnight(cell.on), OFFICE.midnight(cell.on + timedelta(days=1))
        parts = {"within": account.within, "beyond": account.beyond, "grace": account.grace}
        touching = [
            part
            for part in parts.get(cell.part, ())
            if part.begin < end and (part.end is None or part.end > begin)
        ]
        assert bool(touching) == bool(cell.part)
        assert (cell.kind == "counted") == any(part.amount for part in touching)


@given(histories(), limits)
def test_the_last_number_is_what_was_counted(facts: list[Fact], limit: Limit) -> None:
    account = told(facts, limit, local("2026-11-25 10:00"))
    if any(part.reason in HOURLY for part in account.within) or not isinstance(
        limit, WorkingDays | CalendarDays
    ):
        return
    for name, prefix in (("within", ""), ("beyond", "+")):
        parts = account.within if name == "within" else account.beyond
        last = [cell for cell in days(account) if (cell.part, cell.kind) == (name, "counted")]
        if last and parts[-1].end is not None:
            counted = sum(part.amount for part in parts)
            assert last[-1].text == f"{prefix}{counted}"


def test_an_open_case_whose_hours_ran_out_at_closing_time_is_not_said_to_be_decided() -> None:
    limit = OfficeHours(timedelta(hours=2, minutes=20))
    account = told([accepted("2026-11-02 15:10")], limit, local("2026-11-02 18:00"))
    assert conclusion(account) == "在办，已超期"
