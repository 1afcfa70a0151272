"""Every verdict explains itself."""

import json
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given

from services.electronic_supervision.domain.case import fold
from services.electronic_supervision.domain.explanation import Explanation, explain
from services.electronic_supervision.domain.explanation_data import as_data
from services.electronic_supervision.domain.facts import Accepted, Fact, LimitExtended
from services.electronic_supervision.domain.judgement import CaseKey
from services.electronic_supervision.domain.time.intervals import Reason
from services.electronic_supervision.domain.time.limits import (
    CalendarDays,
    Hours,
    Limit,
    OfficeHours,
    WorkingDays,
)
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.domain.verdict import Verdict
from services.electronic_supervision.domain.words import cards, tell
from tests.electronic_supervision.domain.timeline import (
    LONG_AFTER,
    OFFICE,
    WUHU,
    accepted,
    decided,
    fact,
    histories,
    limits,
    local,
    paused,
    resumed,
    total_clock,
)

KEY = CaseKey(source="/wuhu/permits", number="办件1")
NOW = local("2026-12-20 10:00")


def explained(facts: list[Fact], limit: Limit | None, now: datetime = NOW) -> Explanation:
    clock = total_clock(facts, limit)
    return explain(KEY, fold(facts), clock, OFFICE, now)


@given(histories(), limits)
def test_the_account_has_no_gap_and_adds_up_to_the_limit(facts: list[Fact], limit: Limit) -> None:
    told = explained(facts, limit, LONG_AFTER)
    whole = [*told.within, *told.beyond]
    assert all(before.end == after.begin for before, after in pairwise(whole))
    if told.due is not None and len(told.limits) == 1:
        match told.limits[0]:
            case WorkingDays(budget) | CalendarDays(budget):
                assert sum(part.amount for part in told.within) == budget
            case OfficeHours(time) | Hours(time):
                counted = timedelta(microseconds=sum(part.amount for part in told.within))
                assert counted == time
    if told.due is not None:
        assert told.within[-1].end == told.due.at


@given(histories(), limits)
def test_a_late_case_is_late_by_something_and_a_timely_one_by_nothing(
    facts: list[Fact], limit: Limit
) -> None:
    told = explained(facts, limit, LONG_AFTER)
    assert (told.over > 0) <= (told.verdict in {Verdict.LATE, Verdict.OPEN_OVERDUE})
    if told.verdict in {Verdict.LATE, Verdict.OPEN_OVERDUE}:
        assert told.beyond


@given(histories(), limits)
def test_an_explanation_is_plain_data_and_names_its_facts(facts: list[Fact], limit: Limit) -> None:
    told = explained(facts, limit)
    data = json.loads(json.dumps(as_data(told)))
    named = {id_ for part in data["within"] for id_ in part["facts"]} | {data["start"]["fact"]}
    assert named <= {fact.id for fact in facts}
    assert data["calendar"]["version"] == OFFICE.calendar.version
    assert tell(told)


def test_a_late_case_is_told_in_words_day_by_day() -> None:
    facts = [
        accepted("2026-09-28 10:00"),
        paused("2026-09-29 10:00"),
        resumed("2026-09-30 15:00"),
        decided("2026-10-12 09:00"),
    ]
    hearing = "中止，不计入（听证，《行政许可法》第四十五条）　[paused-1、resumed-1]"
    assert tell(explained(facts, WorkingDays(2))).splitlines() == [
        "办件 办件1　总时限（机关钟）",
        "结论：超期办结，超期2个工作日",
        "依据：服务承诺第一条（规则 promised-limit 第1版）",
        "时限：2个工作日",
        f"日历：{OFFICE.calendar.version}，已公布至2026年12月31日（周四）",
        "开始：2026年9月28日（周一）10:00:00　[accepted]",
        "　2026年9月28日（周一）　开始的当日，不计入",
        f"　2026年9月29日（周二）至2026年9月30日（周三）　{hearing}",
        "　2026年10月1日（周四）至2026年10月7日（周三）　节假日，不计入（国庆节）",
        "　2026年10月8日（周四）至2026年10月9日（周五）　工作日，计2个工作日",
        "届满：2026年10月9日（周五）24时",
        "　2026年10月10日（周六）　调休上班（国庆节），计1个工作日",
        "　2026年10月11日（周日）　休息日，不计入",
        "　2026年10月12日（周一）　工作日，计1个工作日",
        "结束：2026年10月12日（周一）09:00:00　[decided]",
    ]


@pytest.mark.parametrize(
    ("facts", "limit", "line"),
    [
        ([accepted("2026-11-23 10:00")], WorkingDays(40), "待国务院办公厅放假通知"),
        ([accepted("2026-11-23 10:00")], None, "结论：未设时限"),
        ([accepted("2026-11-23 10:00")], WorkingDays(5), "结论：在办，已超期，超期14个工作日"),
        ([accepted("2026-11-23 10:00"), paused("2026-11-24 10:00")], WorkingDays(5), "恢复后顺延"),
        (
            [accepted("2026-11-23 10:00"), paused("2026-11-24 10:00", "publicity")],
            WorkingDays(5),
            "无法定依据、未停钟的中止：paused-1",
        ),
        (
            [
                accepted("2026-11-23 10:00"),
                fact("x", "2026-12-02 10:00", LimitExtended(by=WorkingDays(5))),
            ],
            WorkingDays(5),
            "届满后才作出、未予计入的延期：x",
        ),
        (
            [accepted("2026-11-23 10:00"), decided("2026-11-23 16:00")],
            OfficeHours(timedelta(hours=3)),
            "结论：超期办结，超期1小时",
        ),
        (
            [accepted("2026-11-23 10:00"), decided("2026-11-29 10:00")],
            CalendarDays(3),
            "结论：超期办结，超期3日",
        ),
        ([accepted("2026-11-28 10:00")], CalendarDays(1), "末日为休假日，顺延至次一工作日"),
    ],
)
def test_what_matters_is_said(facts: list[Fact], limit: Limit | None, line: str) -> None:
    assert line in tell(explained(facts, limit))


def test_an_extension_that_counted_is_named() -> None:
    extended = fact("x", "2026-11-24 10:00", LimitExtended(by=WorkingDays(5)))
    told = explained([accepted("2026-11-23 10:00"), extended], WorkingDays(5))
    assert "　其中延期5个工作日　[x]" in tell(told).splitlines()
    assert as_data(told)["extensions"] == [{"by": {"working_days": 5}, "fact": "x"}]


def test_an_extension_waits_with_the_paused_limit_and_is_told_all_the_same() -> None:
    extended = fact("x", "2026-11-25 10:00", LimitExtended(by=Hours(timedelta(hours=24))))
    facts = [accepted("2026-11-23 10:00"), paused("2026-11-24 10:00"), extended]
    assert "时限：5个工作日，其后24小时（连续计时）" in tell(explained(facts, WorkingDays(5)))


def test_at_midnight_a_clock_has_not_yet_counted_the_day_that_begins() -> None:
    facts = [accepted("2026-11-23 10:00")]
    told = explained(facts, WorkingDays(5), local("2026-12-01 00:00"))
    assert (told.verdict, told.over) == (Verdict.OPEN, 0)
    after = explained(facts, WorkingDays(5), local("2026-12-01 00:01"))
    assert (after.verdict, after.over) == (Verdict.OPEN_OVERDUE, 1)


def test_hours_finished_after_closing_are_said_to_be_so() -> None:
    facts = [accepted("2026-11-23 14:00"), decided("2026-11-23 22:00")]
    told = explained(facts, OfficeHours(timedelta(hours=3, minutes=30)))
    assert "结论：超期办结，届满后于办公时间以外办结" in tell(told)


def test_a_card_tells_its_arithmetic_too() -> None:
    """A pause that begins with the end of the limit stops neither the account nor the red card."""
    facts = [accepted("2026-11-23 10:00"), paused("2026-12-01 00:00"), decided("2026-12-08 09:00")]
    told = explained(facts, WorkingDays(5))
    assert cards(told).splitlines() == [
        "预警：2026年11月27日（周五）09:00:00",
        "黄牌：2026年12月1日（周二）00:00:00",
        "红牌：2026年12月4日（周五）00:00:00",
        "红牌的督办期限自届满起算，不因中止而停：",
        "　2026年12月1日（周二）至2026年12月3日（周四）　工作日，计3个工作日",
    ]
    assert "超期6个工作日" in tell(told)
    assert [level["level"] for level in as_data(told)["levels"]] == ["reminder", "yellow", "red"]


def test_what_keeps_a_card_back_is_said() -> None:
    doubtful = [accepted("2026-11-23 10:00"), resumed("2026-11-24 10:00")]
    assert "事实存疑，不发牌，只作线索：未中止而恢复" in cards(explained(doubtful, WorkingDays(5)))
    guessed = explained([accepted("2026-11-23 10:00")], WorkingDays(40))
    assert "届满日暂定，不发牌，只作线索" in cards(guessed)


def test_beyond_a_stated_end_nothing_is_left_out() -> None:
    at, stated = (
        Moment.instant(local("2026-11-23 10:00")),
        Moment.instant(local("2026-11-24 12:00")),
    )
    what = Accepted(unit="u", stated_due=stated)
    facts = [Fact(id="a", at=at, recorded_at=NOW, what=what), decided("2026-11-26 09:00")]
    told = explained(facts, None)
    assert told.over == 2
    spans = [(part.begin, part.end) for part in (*told.within, *told.beyond)]
    assert spans == [
        (local("2026-11-23 10:00"), local("2026-11-24 12:00")),
        (local("2026-11-24 12:00"), local("2026-11-25 00:00")),
        (local("2026-11-25 00:00"), local("2026-11-27 00:00")),
    ]


def test_an_end_stated_by_the_system_is_told_as_such() -> None:
    at, stated = Moment.instant(local("2026-11-23 10:00")), Moment.day(NOW.date(), WUHU)
    told = explained(
        [Fact(id="a", at=at, recorded_at=NOW, what=Accepted(unit="u", stated_due=stated))], None
    )
    assert [part.reason for part in told.within] == [Reason.STATED]
    assert "系统自报期限" in tell(told)
