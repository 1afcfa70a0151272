"""Items of a catalogue, and what may be wished of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.electronic_supervision.domain.catalogue.item import ITEM
from services.electronic_supervision.domain.catalogue.item_acts import (
    Command,
    Event,
    ItemAlias,
    PublishItem,
    ReviseItem,
    WithdrawItem,
)
from services.electronic_supervision.domain.catalogue.item_content import (
    FeeStandard,
    ItemContent,
    Material,
    Nature,
    PauseClause,
    Step,
)
from services.electronic_supervision.domain.catalogue.period import Period
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.time.limits import Measure

AUTUMN, NEW_YEAR, JUNE = date(2011, 9, 20), date(2012, 1, 1), date(2012, 6, 1)
CODE = "FGW-001"


def working(amount: int) -> Period:
    """Return so many working days."""
    return Period(amount=amount, measure=Measure.WORKING_DAYS)


def calendar(amount: int) -> Period:
    """Return so many calendar days."""
    return Period(amount=amount, measure=Measure.CALENDAR_DAYS)


def office(minutes: int) -> Period:
    """Return so many minutes of office hours."""
    return Period(amount=minutes, measure=Measure.OFFICE_HOURS)


def clock(minutes: int) -> Period:
    """Return so many minutes by the clock on the wall."""
    return Period(amount=minutes, measure=Measure.HOURS)


PERMIT = ItemContent(
    name="建设工程施工许可证核发",
    unit="WHZJW",
    nature=Nature.APPROVAL,
    post_a="WHZJW-SP-01",
    post_b="WHZJW-SP-02",
    statutory=working(15),
    statutory_clause="《建筑法》第八条",
    promised=working(7),
    promised_clause="市住建委服务承诺第三条",
    green_card=working(3),
    steps=(
        Step(code="SL", name="受理", limit=working(1)),
        Step(code="SC", name="审查", limit=working(4)),
        Step(code="JD", name="决定"),
    ),
    materials=(Material(code="01", name="施工许可证申请表"), Material(code="02", name="施工合同")),
    fee=FeeStandard(clause="皖价费〔2008〕111号", most_fen=30_000),
    pauses=(PauseClause(ground="publicity", clause="《安徽省行政许可公示办法》第五条"),),
    guide_published=True,
)
SHORTER = replace(PERMIT, promised=working(5))

PUBLISHING = PublishItem(code=CODE, content=PERMIT, effective_from=NEW_YEAR, said_on=AUTUMN)
REVISING = ReviseItem(code=CODE, content=SHORTER, effective_from=JUNE, said_on=NEW_YEAR)
WITHDRAWING = WithdrawItem(code=CODE, effective_from=JUNE, said_on=NEW_YEAR)
ALIAS = ItemAlias(source="/wuhu/approvals", code="施工许可")


def told(*commands: Command) -> list[Event]:
    """Return what commands that are all granted make happen to one item."""
    events: list[Event] = []
    for command in commands:
        events += ITEM.decide(command, ITEM.fold(events))
    return events


def after(*commands: Command) -> Any:
    """Return the state of an item after commands that are all granted."""
    return ITEM.fold(told(*commands))


def refusal(command: Command, *before: Command) -> tuple[str, str]:
    """Return the code and the field of a refusal."""
    with pytest.raises(Refused) as refused:
        ITEM.decide(command, after(*before))
    return refused.value.code, refused.value.field


def granted(commands: Iterable[Command]) -> list[Event]:
    """Return what commands make happen to items, those that are refused left out."""
    events: list[Event] = []
    for command in commands:
        mine = [each for each in events if each.code == command.code]
        try:
            events += ITEM.decide(command, ITEM.fold(mine))
        except Refused:
            continue
    return events
