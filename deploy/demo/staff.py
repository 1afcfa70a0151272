"""Sections, people and posts of some units of the simulated city; every name is made up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contracts.organisation import UnitGroup
from deploy.demo.units import REGISTERED_FROM, UNITS, Unit

FROM = REGISTERED_FROM.isoformat()
STAFFED = 8
"""How many departments have their counter and its people in the register."""

FAMILIES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("建国", "文秀", "德胜", "晓燕", "志强", "丽华", "海涛", "雪梅", "立新", "春兰", "永平")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Something to be told to the register; told again it changes nothing."""

    method: str
    path: tuple[str, ...]
    form: Mapping[str, object]


def staff() -> Iterator[Wish]:
    """Yield what completes the register of a few units, in an order that can be carried out."""
    departments = [unit for unit in UNITS if unit.group is UnitGroup.GOVERNMENT]
    for number, unit in enumerate(departments[:STAFFED]):
        yield from _counter(unit, 4 * number)


def _counter(unit: Unit, first: int) -> Iterator[Wish]:
    section, post = f"{unit.code}-SP", f"{unit.code}-SP-01"
    day = {"effective_from": FROM}
    opened = {"unit": unit.code, "name": "行政审批科", **day}
    yield Wish(method="PUT", path=("sections", section), form=opened)
    duties = ("principal", "section-head", "handler", "handler")
    for number, duty in enumerate(duties, first):
        at = {"unit": unit.code, "duty": duty, **day}
        inside = {} if duty == "principal" else {"section": section}
        yield Wish(
            method="PUT",
            path=("people", _code(number)),
            form={"name": _name(number), **at, **inside},
        )
    established = {"unit": unit.code, "section": section, "name": "窗口受理岗", **day}
    yield Wish(method="PUT", path=("posts", post), form=established)
    for place, number in (("A", first + 2), ("B", first + 3)):
        appointed = {"place": place, "person": _code(number), **day}
        yield Wish(method="POST", path=("posts", post, "appoint"), form=appointed)


def _code(number: int) -> str:
    return f"WH-R{number + 1:04}"


def _name(number: int) -> str:
    return FAMILIES[number % len(FAMILIES)] + GIVEN[number * 3 % len(GIVEN)]
