"""A finding explains itself: clause, window, each occurrence, threshold; in words and as data."""

import json
from datetime import date, timedelta

import pytest

from services.electronic_supervision.domain.chinese import FLAGS
from services.electronic_supervision.domain.patterns.absence import Gap, absences
from services.electronic_supervision.domain.patterns.as_data import as_data
from services.electronic_supervision.domain.patterns.count import count
from services.electronic_supervision.domain.patterns.cumulation import cumulate
from services.electronic_supervision.domain.patterns.finding import PatternFinding
from services.electronic_supervision.domain.patterns.occurrence import Group
from services.electronic_supervision.domain.patterns.rate import rates
from services.electronic_supervision.domain.patterns.reach import Days
from services.electronic_supervision.domain.patterns.telling import summary, tell
from services.electronic_supervision.domain.rules.demands import (
    Absence,
    Absent,
    By,
    Cumulation,
    Level,
    Threshold,
)
from services.electronic_supervision.domain.time.limits import WorkingDays
from tests.electronic_supervision.domain.patterns.happenings import (
    FIRST_DAY,
    HOUSING,
    happened,
    in_any,
    rule,
    some_time_on,
)
from tests.electronic_supervision.domain.patterns.test_rate import HOUSING as HOUSING_UNIT
from tests.electronic_supervision.domain.patterns.test_rate import PLANNING, daily, refusals
from tests.electronic_supervision.domain.timeline import OFFICE, WUHU, local

THREE = [
    happened("2026-03-01 10:00", "1"),
    some_time_on(date(2026, 3, 10), "2"),
    happened("2026-03-30 23:59", "3"),
]


def three_in(days: int | None) -> PatternFinding:
    demand = in_any(days)
    [card] = count(rule(demand), demand, HOUSING, THREE, OFFICE)
    return card


def test_a_count_tells_its_clause_its_window_and_every_occurrence() -> None:
    assert tell(three_in(30), WUHU, "市住建局").splitlines() == [
        "单位 市住建局　黄牌",
        "结论：市住建局连续30日内3次，已达3次的界限",
        "依据：首问负责制第三条（规则 too-many 第1版）",
        "起止：2026年3月1日00:00:00至2026年3月30日24时",
        "　2026年3月1日10:00:00　办件 办件1",
        "　2026年3月10日（未载时刻）　办件 办件2",
        "　2026年3月30日23:59:00　办件 办件3",
    ]


def test_a_year_is_named_and_a_doubt_too() -> None:
    assert summary(three_in(None), WUHU) == "单位housing2026年内3次，已达3次的界限"
    demand = in_any(30)
    doubtful = [*THREE[:2], happened("2026-03-20 10:00", "3", doubt="future-time")]
    [lead] = count(rule(demand), demand, HOUSING, doubtful, OFFICE)
    text = tell(lead, WUHU, doubts=FLAGS)
    assert "单位 housing　黄牌（存疑，只作线索）" in text
    assert "不发牌，只作线索：时间在未来" in text


def test_a_cumulation_tells_points_and_the_problem() -> None:
    demand = Cumulation(
        by=By.UNIT,
        days=30,
        points={},
        thresholds=(Threshold(at_least=4, level=Level.RED),),
        same_rule=True,
    )
    group = Group("too-many", By.UNIT, "housing", "housing", "step-late")
    points = [happened("2026-03-01 10:00", "a", weight=3), happened("2026-03-02 10:00", weight=3)]
    [card] = cumulate(rule(demand), demand, group, points, OFFICE)
    text = tell(card, WUHU)
    assert "连续30日内累计6分，已达4分的界限" in text
    assert "只计同一问题：规则 step-late" in text
    assert "　2026年3月1日10:00:00　办件 办件a　3分" in text


@pytest.mark.parametrize(
    ("absent", "words"),
    [
        (Absent.SOURCE, "未报送任何消息"),
        (Absent.POST, "A岗、B岗均不在岗"),
        (Absent.GUIDE, "事项已施行而未公布办事指南"),
        (Absent.FILING, "应报送的材料未报送"),
    ],
)
def test_an_absence_tells_since_when_and_until_when(absent: Absent, words: str) -> None:
    demand = Absence(of=absent, after=WorkingDays(2), level=Level.YELLOW)
    gap = Gap(local("2026-11-02 10:00"), None)
    [missed] = absences(
        rule(demand), demand, HOUSING, [gap], OFFICE, local("2026-11-09 10:00")
    ).missed
    assert summary(missed.finding, WUHU, "市住建局") == (
        f"市住建局自2026年11月2日10:00:00起{words}，至2026年11月4日24时已满规定期限"
    )


def refused_often() -> PatternFinding:
    demand = refusals(7)
    groups = {
        HOUSING_UNIT: daily(HOUSING_UNIT, 0, 20, refused=5),
        PLANNING: daily(PLANNING, 0, 20, refused=1),
    }
    told = Days(FIRST_DAY, FIRST_DAY + timedelta(days=20))
    return rates(rule(demand), demand, groups, OFFICE, told)[0]


def test_a_share_tells_its_uncertainty_its_baseline_and_how_many_were_compared() -> None:
    text = tell(refused_often(), WUHU, "市住建局")
    assert "近7日内10件中有10件，占100%（95%置信区间72.2%至100%），高于对照的20%" in text
    assert "对照：其余同类共10件，其中2件，占20%" in text
    assert "同时比较2个，置信区间已按个数放宽（霍尔姆法）" in text
    assert "偶然达到此数的机会" in text


def test_a_long_list_says_how_much_it_leaves_out() -> None:
    demand = in_any(30)
    many = [some_time_on(date(2026, 3, 2), f"{n:04}") for n in range(800)]
    text = tell(count(rule(demand), demand, HOUSING, many, OFFICE)[0], WUHU)
    assert "（其余740件从略，较早）" in text


def test_the_data_of_a_finding_survives_json() -> None:
    for finding in (three_in(30), refused_often()):
        data = json.loads(json.dumps(as_data(finding), allow_nan=False))
        assert data["id"] == finding.id
        assert data["window_from"].endswith("+00:00")
        assert len(data["counted"]) == len(finding.counted)
        assert data["figures"] == finding.figures


def test_a_message_may_name_figures_and_the_subject() -> None:
    values = three_in(30).values()
    assert (values["subject"], values["total"], values["threshold"]) == ("housing", 3.0, 3.0)
    assert {"unit", "begin", "end", "day", "days", "occurrences"} <= values.keys()
