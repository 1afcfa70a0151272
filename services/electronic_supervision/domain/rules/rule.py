"""A rule as the city enacts it: by which clause, since when, for whom, and what it demands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.electronic_supervision.domain.rules.demands import Demand


class System(StrEnum):
    """Which basic system (基本制度) a rule carries out, or what else it is for."""

    TIME_LIMIT = "time-limit"
    """限时办结"""
    PROMISE = "promise"
    """服务承诺"""
    ONE_TIME_NOTICE = "one-time-notice"
    """一次性告知"""
    FIRST_RECEIVER = "first-receiver"
    """首问负责"""
    AB_POSTS = "ab-posts"
    """AB岗"""
    OPENNESS = "openness"
    """办事公开"""
    POST_DUTY = "post-duty"
    """岗位责任"""
    COMPLAINTS = "complaints"
    """投诉受理"""
    ACCOUNTABILITY = "accountability"
    """责任追究"""
    ASSESSMENT = "assessment"
    """绩效考核"""
    REGULARITY = "regularity"
    """规范行政行为"""
    HONEST_RECORDS = "honest-records"
    """如实记录"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """To whom and what a rule applies; empty: to all.

    Units and items are codes of the city's own; natures are those of the catalogue.
    """

    units: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    natures: frozenset[str] = frozenset()

    def holds(self, unit: str, item: str, nature: str) -> bool:
        """Tell whether a case of this unit and item is meant; unknown ones are "" ."""
        return all(
            not wanted or value in wanted
            for wanted, value in ((self.units, unit), (self.items, item), (self.natures, nature))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is told of a breach, in Chinese: `fill` puts the facts in, by the names in `names`."""

    text: str
    names: frozenset[str] = frozenset()
    fill: Callable[[Mapping[str, object]], str] = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One version of a rule; `effective_from` is the first local day of what it may judge.

    What is judged by it is decided by the day on which it happened: the acceptance for limits, the
    act itself for all else. So no version ever judges what was over before it.
    """

    id: str
    version: int
    title: str
    system: System
    clause: str
    effective_from: date
    effective_until: date | None = None  # first local day on which it holds no more
    scope: Scope = Scope()
    message: Message | None = None  # limits have words of their own
    demand: Demand
