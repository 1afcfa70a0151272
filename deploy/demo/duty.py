"""Who never closes: duty officers and machines that settle orders within minutes, day and night."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from contracts.approvals import (
    CaseAccepted,
    CaseDecided,
    CaseFact,
    Outcome,
    ResultDelivered,
    StepFinished,
    StepStarted,
)
from contracts.vocabulary import Limit
from deploy.demo import wording
from deploy.demo.city import HOTLINE, REAL_ESTATE
from deploy.demo.dice import Dice
from deploy.demo.dossier import Dossier
from deploy.demo.items import Item, item, minutes
from deploy.demo.said import Hands, Word
from deploy.demo.world import World

SLOT = timedelta(minutes=10)
SLOTS = 150
"""More than a day can touch: slots are told apart by their number modulo this."""
FIRST_NUMBER, A_SLOT = 3000, 32
BY_DAY, BY_NIGHT = 20.0, 28.0
"""Seconds between two orders."""
DAYTIME = range(7, 22)
HANDOVER = time(9)
LULL = timedelta(minutes=4)
SOON = (3, 18)

ON_DUTY: Sequence[Item] = (
    item(HOTLINE, "停电抢修（到达现场）", "供电公司", minutes(45), "派单 现场处置 回访", weight=3),
    item(HOTLINE, "供水抢修（到达现场）", "供水公司", minutes(60), "派单 现场处置 回访", weight=2),
    item(HOTLINE, "燃气应急处置", "燃气公司", minutes(30), "派单 现场处置 回访", weight=1),
    item(HOTLINE, "井盖、路灯应急处置", "市城管局", minutes(120), "派单 现场处置 回访", weight=2),
    item(HOTLINE, "噪声扰民现场处置", "市公安局", minutes(90), "派单 现场处置 回访", weight=3),
    item(HOTLINE, "环境污染举报先期核查", "市生态环境局", minutes(150), "派单 现场核查 回访"),
    item(HOTLINE, "出租车投诉先期处置", "市交通局", minutes(180), "派单 核实 回访", weight=2),
    item(HOTLINE, "消费投诉先期处置", "市市场监管局", minutes(180), "派单 核实 回访", weight=3),
    item(HOTLINE, "欠薪线索先期核查", "市人社局", minutes(240), "派单 核实 回访", weight=1),
    item(HOTLINE, "即时咨询工单", "市数据资源局", minutes(30), "派单 答复 回访", weight=3),
    item(REAL_ESTATE, "登记资料自助查询", "市自然资源局", minutes(30), "系统核验", weight=5),
    item(REAL_ESTATE, "抵押权注销登记（自助）", "市自然资源局", minutes(60), "系统核验", weight=3),
)


def orders(world: World, slot: int, begin: datetime) -> Iterator[Word]:
    """Yield all that is said of the orders that come in during a slot."""
    dice = world.dice("duty", slot)
    gap = BY_DAY if begin.hour in DAYTIME else BY_NIGHT
    for place in range(int(SLOT.total_seconds() / gap)):
        at = begin + timedelta(seconds=int((place + dice.throw()) * gap))
        if HANDOVER > at.time() >= (datetime.combine(at, HANDOVER) - LULL).time():
            at += LULL  # nothing is begun just before one shift hands over to the next
        number = FIRST_NUMBER + slot % SLOTS * A_SLOT + place
        yield from _order(world, number, at).words


def _order(world: World, number: int, at: datetime) -> Dossier:
    dice = world.dice("order", at.date(), number)
    kind = dice.weighted(ON_DUTY, [each.weight for each in ON_DUTY])
    limit = 60 * kind.limit.amount
    length = _until_handover(at, int(dice.between(0.12, 0.6) * limit))
    dossier = taken(world, kind, number, at)
    by = hands(kind)
    for share, data in steps(dossier, kind):
        dossier.say(at + timedelta(seconds=int(share * length)), data, by=by)
    settle(dossier, kind, at + timedelta(seconds=length), dice)
    return dossier


def _until_handover(at: datetime, seconds: int) -> int:
    """Finish what would be handed over: at nine o'clock nobody is reminded of it then."""
    handover = datetime.combine(at, HANDOVER, tzinfo=at.tzinfo)
    left = int((handover - at).total_seconds())
    return min(seconds, left - 60) if left > 0 else seconds


def taken(
    world: World,
    kind: Item,
    number: int,
    at: datetime,
    *,
    limit: Limit | None = None,
    due: datetime | None = None,
) -> Dossier:
    """Open a case with its acceptance; `limit` or `due` go before the limit of its kind."""
    unit = kind.units[0]
    case = kind.system.case(at.date(), number, unit)
    dossier = Dossier(world, kind.system, case, kind.system.calls(unit))
    stated = None if due else limit or kind.limit
    data = CaseAccepted(
        case=case,
        unit=dossier.unit,
        item=kind.name,
        stated_limit=stated,
        stated_due=due,
        channel="自助" if hands(kind) is Hands.MACHINE else "电话",
    )
    dossier.say(at, data, by=hands(kind))
    return dossier


def hands(kind: Item) -> Hands:
    """Tell who settles orders of a kind."""
    return Hands.MACHINE if kind.system is REAL_ESTATE else Hands.DUTY


def steps(dossier: Dossier, kind: Item) -> Iterator[tuple[float, CaseFact]]:
    """Yield the steps of an order, each from one share of its time to another."""
    width = 0.9 / len(kind.steps)
    for turn, name in enumerate(kind.steps):
        begin = 0.03 + turn * width
        yield begin, StepStarted(case=dossier.number, unit=dossier.unit, step=name)
        end = begin + 0.8 * width
        yield end, StepFinished(case=dossier.number, unit=dossier.unit, step=name)


def decision(dossier: Dossier, kind: Item, dice: Dice) -> CaseDecided:
    """Say how an order was settled."""
    is_machine = hands(kind) is Hands.MACHINE
    outcome = Outcome.GRANTED if is_machine else Outcome.OTHER
    words = wording.REPORTED if kind.states_end else wording.SETTLED
    reasons = (dice.pick(wording.SETTLED_BY_MACHINE if is_machine else words),)
    return CaseDecided(case=dossier.number, unit=dossier.unit, outcome=outcome, reasons=reasons)


def settle(dossier: Dossier, kind: Item, at: datetime, dice: Dice) -> None:
    """Say that an order was settled, and that whoever called was told."""
    dossier.say(at, decision(dossier, kind, dice), by=hands(kind))
    told = at + timedelta(seconds=dice.whole(*SOON))
    answered = ResultDelivered(case=dossier.number, unit=dossier.unit)
    dossier.say(told, answered, by=hands(kind))
