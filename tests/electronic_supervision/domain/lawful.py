"""A small city's law, rule by rule, and acts to hold against it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from services.electronic_supervision.domain.catalogue import catalogue
from services.electronic_supervision.domain.catalogue.item_acts import ItemPublished
from services.electronic_supervision.domain.catalogue.item_content import (
    FeeStandard,
    ItemContent,
    Nature,
    Step,
)
from services.electronic_supervision.domain.catalogue.period import Period
from services.electronic_supervision.domain.facts import Fact, Happening, Noted
from services.electronic_supervision.domain.law import Law
from services.electronic_supervision.domain.registers.registers import Registers
from services.electronic_supervision.domain.rules.book import Entry, Mode, book
from services.electronic_supervision.domain.rules.demands import (
    Demand,
    Expression,
    Forbidden,
    Level,
)
from services.electronic_supervision.domain.rules.rule import Message, Rule, Scope, System
from services.electronic_supervision.domain.time.limits import Measure
from services.electronic_supervision.domain.time.moment import Moment
from tests.electronic_supervision.domain.timeline import OFFICE, local

LONG_AGO = date(2020, 1, 1)
DECIDED = "xiaoneng.approvals.case-decided.v1"
FEE = "xiaoneng.approvals.fee-charged.v1"

Values = Mapping[str, object]


def days(amount: int) -> Period:
    return Period(amount=amount, measure=Measure.WORKING_DAYS)


PERMIT = ItemContent(
    name="施工许可",
    unit="housing",
    nature=Nature.APPROVAL,
    statutory=days(20),
    statutory_clause="行政许可法第四十二条",
    promised=days(5),
    promised_clause="服务承诺第三条",
    green_card=days(2),
    steps=(Step(code="受理", name="受理"), Step(code="审核", name="审核", limit=days(2))),
    fee=FeeStandard(clause="收费目录第九项", most_fen=12_000),
)


def published(
    content: ItemContent = PERMIT, code: str = "permit", since: date = LONG_AGO
) -> ItemPublished:
    return ItemPublished(
        code=code,
        content=content,
        aliases=(),
        effective_from=since,
        is_backdated=False,
        reason="",
    )


def rule(
    demand: Demand,
    id_: str = "rule",
    version: int = 1,
    since: date = LONG_AGO,
    until: date | None = None,
    scope: Scope | None = None,
) -> Rule:
    return Rule(
        id=id_,
        version=version,
        title=f"规则 {id_}",
        system=System.REGULARITY,
        clause=f"《规定》之 {id_}",
        effective_from=since,
        effective_until=until,
        scope=scope or Scope(),
        message=Message(text="…", names=frozenset({"fact"}), fill=_told),
        demand=demand,
    )


def _told(values: Values) -> str:
    fact = values["fact"]
    assert isinstance(fact, Mapping)
    return f"{fact['id']} 违反规定"


def asking(value: Callable[[Values], object], *names: str) -> Expression:
    return Expression(text="…", names=frozenset(names), value=value)


def forbidden(
    value: Callable[[Values], object], *names: str, level: Level = Level.YELLOW, on: str = DECIDED
) -> Forbidden:
    return Forbidden(on=(on,), when=asking(value, *names), level=level)


def law(*rules: Rule, items: tuple[ItemPublished, ...] = (), shadow: tuple[Rule, ...] = ()) -> Law:
    entries = [Entry(each) for each in rules] + [Entry(each, Mode.SHADOW) for each in shadow]
    return Law(
        office=OFFICE,
        book=book(entries),
        catalogue=catalogue.fold(items),
        registers=Registers(),
    )


def act(
    id_: str,
    at: str | datetime,
    type_: str = DECIDED,
    what: Happening | None = None,
    said: Values | None = None,
) -> Fact:
    """Note an act, with what its event says."""
    when = local(at) if isinstance(at, str) else at
    return Fact(
        id=id_,
        at=Moment.instant(when),
        recorded_at=when,
        what=what or Noted(),
        type=type_,
        unit="housing",
        fields=said or {},
    )
