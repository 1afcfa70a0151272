"""The catalogue of the simulated city, as it is published with electronic supervision."""

from collections.abc import Iterator
from datetime import date

from deploy.demo.catalogue import CATALOGUE
from deploy.demo.city import APPROVALS, REAL_ESTATE
from deploy.demo.items import Item
from deploy.demo.staff import Wish

REASON = "随平台启用发布"
PROMISE = "市政务服务承诺目录第{number}项"
PAUSE = "市政务服务承诺目录第{number}项备注"
PLACES = 3


def published(since: date) -> Iterator[Wish]:
    """Yield what publishes the items that one unit handles; they bind cases from a local day on.

    Those that several units handle are left to what their systems state, as a young catalogue
    leaves much.
    """
    own = (item for item in CATALOGUE if len(item.units) == 1 and not item.states_end)
    for number, item in enumerate(own, 1):
        code = f"WH-{number:0{PLACES}}"
        yield Wish(method="PUT", path=("items", code), form=_form(item, number, since))


def _form(item: Item, number: int, since: date) -> dict[str, object]:
    promise = PROMISE.format(number=number)
    steps = [{"code": step, "name": step} for step in item.steps]
    materials = [{"code": each, "name": each} for each in item.materials]
    fee = None if item.fee is None else {"clause": promise, "most_fen": item.fee[1]}
    pauses = (
        []
        if item.ground is None
        else [{"ground": item.ground.value, "clause": PAUSE.format(number=number)}]
    )
    content = {
        "name": item.name,
        "unit": item.units[0].code,
        "nature": "approval" if item.system in (APPROVALS, REAL_ESTATE) else "service",
        "promised_limit": item.limit.model_dump(mode="json"),
        "promised_clause": promise,
        "steps": steps,
        "materials": materials,
        "fee": fee,
        "pauses": pauses,
        "guide_published": True,
    }
    return {
        "content": content,
        "aliases": [{"source": item.system.source, "code": item.name}],
        "effective_from": since.isoformat(),
        "reason": REASON,
    }
