"""What officials read of rules, besides their own words."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import assert_never

from services.electronic_supervision.domain.rules import demands
from services.electronic_supervision.domain.rules.life_acts import (
    Event,
    RuleActivated,
    RuleDrafted,
    RuleRehearsed,
    RuleRetired,
    RuleShadowed,
    RuleShipped,
)
from services.electronic_supervision.domain.rules.life_stages import (
    Active,
    Draft,
    Rehearsed,
    Retired,
    Shadow,
    Stage,
)
from services.electronic_supervision.domain.rules.rule import System

BEFORE_ALL = 1900
"""The year from which the rules hold that every city began with."""

SYSTEMS: Mapping[System, str] = MappingProxyType(
    {
        System.TIME_LIMIT: "限时办结",
        System.PROMISE: "服务承诺",
        System.ONE_TIME_NOTICE: "一次性告知",
        System.FIRST_RECEIVER: "首问负责",
        System.AB_POSTS: "AB岗",
        System.OPENNESS: "办事公开",
        System.POST_DUTY: "岗位责任",
        System.COMPLAINTS: "投诉受理",
        System.ACCOUNTABILITY: "责任追究",
        System.ASSESSMENT: "绩效考核",
        System.REGULARITY: "规范行政行为",
        System.HONEST_RECORDS: "如实记录",
    }
)
KINDS: Mapping[type[demands.Demand], str] = MappingProxyType(
    {
        demands.WholeCase: "全程时限",
        demands.Span: "阶段时限",
        demands.StepLimits: "环节时限",
        demands.Order: "环节次序",
        demands.Forbidden: "单项行为",
        demands.Count: "一段时间内的次数",
        demands.Cumulation: "判定累计",
        demands.Absence: "应有未有",
        demands.Rate: "与同类相比的占比",
        demands.HonestClock: "计时是否如实",
    }
)
LEVELS: Mapping[str, str] = MappingProxyType(
    {"nothing": "不触发", "lead": "线索", "reminder": "预警", "yellow": "黄牌", "red": "红牌"}
)
STATES: Mapping[str, str] = MappingProxyType(
    {
        "draft": "草案",
        "rehearsed": "已预演",
        "shadow": "试运行",
        "active": "生效",
        "retired": "已停用",
    }
)
BADGES: Mapping[str, str] = MappingProxyType(
    {
        "draft": "plain",
        "rehearsed": "reminder",
        "shadow": "lead",
        "active": "good",
        "retired": "plain",
    }
)
DONE: Mapping[str, str] = MappingProxyType(
    {
        "drafted": "草案已保存。生效以前须先预演。",
        "asked": "已交预演，完成后结果记入本页。",
        "shadow": "已转入试运行，每夜试算会作出什么判定，显示在本页，不产生后果。",
        "activated": "已定生效日期。此前发生的事不按新版本判定。",
        "retired": "已定停用日期。",
        "same": "内容没有变化，未作变更。",
    }
)
REHEARSED: Mapping[str, str] = MappingProxyType(
    {"waiting": "等待", "running": "进行中", "done": "已完成", "failed": "未能完成"}
)
CHANGES: Mapping[str, str] = MappingProxyType(
    {"appear": "新增", "vanish": "消失", "change": "级别改变"}
)


def day_words(day: date | None) -> str:
    """Name a day; that before any of ours is no day but means all that was."""
    if day is None:
        return "—"
    return "一向适用" if day.year == BEFORE_ALL else f"{day}"


def state_of(stage: Stage) -> str:
    """Name how far a version has got, by its code."""
    match stage:
        case Draft():
            return "draft"
        case Rehearsed():
            return "rehearsed"
        case Shadow():
            return "shadow"
        case Active():
            return "active"
        case Retired():
            return "retired"
        case _:
            assert_never(stage)


def happened_words(event: Event) -> tuple[str, str]:
    """Tell what happened to a rule, and a line more about it."""
    number = f"第 {event.version} 版"
    match event:
        case RuleShipped(effective_from=day, on_trial=on_trial):
            how = "随软件发布，依据待市效能办填写，试运行" if on_trial else "随软件发布，生效"
            return f"{number}{how}", "" if day.year == BEFORE_ALL else f"自 {day} 起"
        case RuleDrafted(release=release):
            return f"{number}起草", "随软件新版本提出" if release else ""
        case RuleRehearsed(figures=figures):
            told = [f"{CHANGES[key]} {figures[key]}" for key in CHANGES if key in figures]
            return f"{number}预演", "，".join(told)
        case RuleShadowed(effective_from=day):
            return f"{number}试运行", f"自 {day} 起"
        case RuleActivated(effective_from=day):
            return f"{number}生效", f"自 {day} 起"
        case RuleRetired(day=day, reason=reason):
            return f"{number}停用", f"自 {day} 起；原因：{reason}"
        case _:
            assert_never(event)
