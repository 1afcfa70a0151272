"""A finding told in official Chinese, for the people it concerns."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from services.electronic_supervision.domain.case import Flag
from services.electronic_supervision.domain.patterns.finding import Counted, Kind, PatternFinding
from services.electronic_supervision.domain.patterns.tactics.honest_clock import SENTENCES
from services.electronic_supervision.domain.rules.demands import Absent, By, Level
from services.electronic_supervision.domain.time.moment import Moment

LEVELS = MappingProxyType(
    {Level.LEAD: "线索", Level.REMINDER: "预警", Level.YELLOW: "黄牌", Level.RED: "红牌"}
)
SUBJECTS = MappingProxyType(
    {
        By.CASE: "办件",
        By.UNIT: "单位",
        By.ITEM: "事项",
        By.POST: "岗位",
        By.APPLICANT: "申请人",
        By.ENTERPRISE: "企业",
        By.SOURCE: "报送来源",
    }
)
ABSENT = MappingProxyType(
    {
        Absent.SOURCE.value: "未报送任何消息",
        Absent.POST.value: "A岗、B岗均不在岗",
        Absent.GUIDE.value: "事项已施行而未公布办事指南",
        Absent.FILING.value: "应报送的材料未报送",
    }
)
NUMBERS = MappingProxyType(
    {
        "pauses": "中止{:.0f}次",
        "left_share": "时限余{:.0%}",
        "left_days": "余{:.0f}个工作日",
        "requests": "要求补正{:.0f}次",
        "allowed": "时限{:.0f}个工作日",
        "working_days": "最晚于{:.0f}个工作日后录入",
        "reopenings": "重新办理{:.0f}次",
        "days": "办结{:.1f}日后重新办理",
    }
)
MANY = 60
"""So many occurrences are told in words; the data has them all."""


def tell(
    finding: PatternFinding,
    zone: ZoneInfo,
    name: str = "",
    *,
    doubts: Mapping[Flag, str] = MappingProxyType({}),
) -> str:
    """Explain a finding line by line.

    `name` is that of its subject, its code if none is given; `doubts` are the words for the flags
    of a case (`chinese.FLAGS`).
    """
    reasons = {flag.value: words for flag, words in doubts.items()} | WITHHELD
    return "\n".join(_lines(finding, zone, name, reasons))


def summary(finding: PatternFinding, zone: ZoneInfo, name: str = "") -> str:
    """Tell what was found in one sentence with its numbers, for a rule without a message."""
    who = name or f"{SUBJECTS[finding.group.by]}{finding.group.key}"
    return SUMMARIES[finding.kind](finding, zone, who)


def _lines(
    found: PatternFinding, zone: ZoneInfo, name: str, reasons: Mapping[str, str]
) -> Iterator[str]:
    level = LEVELS[found.level] + ("（存疑，只作线索）" if found.withheld else "")
    yield f"{SUBJECTS[found.group.by]} {name or found.group.key}　{level}"
    yield f"结论：{summary(found, zone, name)}"
    yield f"依据：{found.clause}（规则 {found.rule} 第{found.version}版）"
    yield f"起止：{_instant(found.window_from, zone)}至{_until(found.window_until, zone)}"
    if found.group.problem:
        yield f"只计同一问题：规则 {found.group.problem}"
    if found.withheld:
        yield f"不发牌，只作线索：{reasons.get(found.withheld, found.withheld)}"
    yield from comparison(found)
    for each in found.counted[-MANY:]:
        yield _counted(each, zone, found.kind)
    if (left_out := _number_of_all(found) - min(len(found.counted), MANY)) > 0:
        yield f"　……（其余{left_out}件从略，较早）"


def _count(found: PatternFinding, zone: ZoneInfo, who: str) -> str:
    figures = found.figures
    within = (
        f"{found.window_from.astimezone(zone).year}年内"
        if len(found.anchor) == len("2026")
        else f"连续{figures['days']:.0f}日内"
    )
    what = (
        "累计{:.0f}分，已达{:.0f}分" if found.kind is Kind.CUMULATION else "{:.0f}次，已达{:.0f}次"
    )
    return f"{who}{within}{what.format(figures['total'], figures['threshold'])}的界限"


def _absence(found: PatternFinding, zone: ZoneInfo, who: str) -> str:
    begin, due = _instant(found.window_from, zone), _until(found.window_until, zone)
    return f"{who}自{begin}起{ABSENT[found.detail]}，至{due}已满规定期限"


def _rate(found: PatternFinding, _zone: ZoneInfo, who: str) -> str:
    figures = found.figures
    part = f"{who}近{figures['days']:.0f}日内{figures['of']:.0f}件中有{figures['hits']:.0f}件"
    return f"{part}{_share(figures)}"


def _tactic(found: PatternFinding, _zone: ZoneInfo, who: str) -> str:
    return (
        f"{SENTENCES[found.detail](who, found.figures)}{_share(found.figures)}；请核查，不据此发牌"
    )


def _share(figures: Mapping[str, float]) -> str:
    low, high = _percent(figures["low"]), _percent(figures["high"])
    return (
        f"，占{_percent(figures['share'])}"
        f"（{_percent(figures['confidence'], 2)}置信区间{low}至{high}），"
        f"高于对照的{_percent(figures['expected'])}"
    )


def comparison(found: PatternFinding) -> Iterator[str]:
    """Tell with whom a share was compared, and how sure it is; nothing for what is no share."""
    figures = found.figures
    if found.kind not in (Kind.RATE, Kind.HONEST_CLOCK):
        return
    if "others_of" in figures:
        yield (
            f"对照：其余同类共{figures['others_of']:.0f}件，其中{figures['others_hits']:.0f}件，"
            f"占{_percent(figures['expected'])}"
        )
    yield (
        f"同时比较{figures['compared']:.0f}个，置信区间已按个数放宽（霍尔姆法），"
        f"使全部比较合在一起也难以因偶然误指一个"
    )
    yield f"若无特别原因，偶然达到此数的机会约为{_small(figures['chance'])}"


SUMMARIES: Mapping[Kind, Callable[[PatternFinding, ZoneInfo, str], str]] = MappingProxyType(
    {
        Kind.COUNT: _count,
        Kind.CUMULATION: _count,
        Kind.ABSENCE: _absence,
        Kind.RATE: _rate,
        Kind.HONEST_CLOCK: _tactic,
    }
)
WITHHELD = MappingProxyType({"provisional-date": "届满日暂定，待国务院办公厅放假通知"})


def _number_of_all(found: PatternFinding) -> int:
    name = "hits" if found.kind in (Kind.RATE, Kind.HONEST_CLOCK) else "occurrences"
    return int(found.figures.get(name, len(found.counted)))


def _counted(each: Counted, zone: ZoneInfo, kind: Kind) -> str:
    what = f"办件 {each.case.number}" if each.case is not None else f"[{each.id}]"
    numbers = "".join(f"　{words}" for words in numbers_words(each, kind))
    return f"　{_moment(each.at, zone)}　{what}{numbers}"


def numbers_words(each: Counted, kind: Kind) -> list[str]:
    """Tell what was noted of an occurrence: its points, or what a tactic measured."""
    points = [f"{each.weight}分"] if kind is Kind.CUMULATION else []
    known = [(name, value) for name, value in each.numbers if name in NUMBERS]
    return [*points, *(NUMBERS[name].format(value) for name, value in known)]


def _moment(at: Moment, zone: ZoneInfo) -> str:
    if at.is_day:
        return f"{_instant(at.earliest, zone)[: -len('00:00:00')]}（未载时刻）"
    return _instant(at.earliest, zone)


def _instant(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M:%S}"


def _until(at: datetime, zone: ZoneInfo) -> str:
    """Name an end at midnight as the 24:00 of the day before."""
    local = at.astimezone(zone)
    if (local.hour, local.minute, local.second, local.microsecond) != (0, 0, 0, 0):
        return _instant(at, zone)
    day = local.date() - timedelta(days=1)
    return f"{day.year}年{day.month}月{day.day}日24时"


def _percent(share: float, places: int = 1) -> str:
    return f"{share * 100:.{places}f}".rstrip("0").rstrip(".") + "%"


def _small(chance: float) -> str:
    return f"万分之{chance * 10_000:.1f}" if chance >= 0.00001 else "不足十万分之一"
