"""The course of a case at a desk, from its acceptance to the result in the applicant's hands."""

from datetime import datetime, timedelta

from contracts.approvals import CaseWithdrawn, ResultDelivered
from deploy.demo.application import Application
from deploy.demo.dossier import Dossier
from deploy.demo.ending import Ending, stated_due
from deploy.demo.items import Item
from deploy.demo.parts import parts_of
from deploy.demo.said import Hands
from deploy.demo.units import Unit
from deploy.demo.working_time import WorkingTime
from deploy.demo.world import World


def application(
    world: World, item: Item, unit: Unit, number: int, accepted_at: datetime, by: Hands
) -> Application:
    """Open a case; `number` counts within its day."""
    case = item.system.case(world.local_date(accepted_at), number, unit)
    return Application(
        item=item,
        dossier=Dossier(world, item.system, case, item.system.calls(unit)),
        accepted_at=accepted_at,
        stated_due=stated_due(item, accepted_at, world),
        by=by,
        dice=world.dice("case", item.system.name, case),
    )


def handle(case: Application, ending: Ending, work: WorkingTime) -> None:
    """Say all that is done with a case, in order of time."""
    dossier = case.dossier
    dossier.say(case.accepted_at, case.acceptance(), by=case.by)
    for place, data in parts_of(case, ending, work.place(case.accepted_at)):
        dossier.say(_after(case.accepted_at, work.at(place)), data)
    decided_at = _after(case.accepted_at, work.at(ending.decided))
    if ending.is_withdrawn:
        dossier.say(decided_at, CaseWithdrawn(case=case.number, unit=case.unit), by=Hands.MACHINE)
        return
    dossier.say(decided_at, case.decision())
    fetched = ending.decided + int(case.dice.between(0.1, 1.8) * work.day)
    data = ResultDelivered(case=case.number, unit=case.unit, channel="窗口")
    dossier.say(_after(decided_at, work.at(fetched)), data)


def _after(earlier: datetime, at: datetime) -> datetime:
    return max(at, earlier + timedelta(seconds=1))
