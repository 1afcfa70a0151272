"""What a rehearsal shows of many cases."""

from collections import Counter

from services.electronic_supervision.rehearsal.compare import compare, pair
from services.electronic_supervision.rehearsal.tally import Tally
from tests.electronic_supervision.live.said import accepted, local
from tests.electronic_supervision.rehearsal.test_compare import limited
from tests.electronic_supervision.rehearsal.told import record

LAWS = pair(limited(30), limited(1))
NOW = local("2026-03-10 00:00")


def tally(*cases: tuple[str, str]) -> Tally:
    told = Tally()
    for number, unit in cases:
        case = record(accepted("2026-03-02 10:00", number, unit=unit))
        compared = compare(case, LAWS, NOW)
        assert compared is not None
        told.add(number, compared)
    return told


def many(unit: str, count: int = 30) -> list[tuple[str, str]]:
    return [(f"{unit}-{n}", unit) for n in range(count)]


def test_a_busy_unit_leaves_room_for_the_examples_of_others() -> None:
    units = [f"unit-{n}" for n in range(9)]
    shown = tally(*(case for unit in units for case in many(unit))).result()["examples"]
    of_each = Counter(each["unit"] for each in shown)
    assert len(shown) == 100
    assert set(of_each) == set(units), "every unit is seen"
    assert len(tally(*many("alone")).result()["examples"]) == 20


def test_parts_add_up_to_the_whole() -> None:
    first, second = many("a"), many("b", 3)
    whole, part = tally(*first, *second), tally(*first)
    part.take(tally(*second))
    assert part.result() == whole.result()


def test_figures_of_units_add_up_to_those_of_all() -> None:
    told = tally(*many("a"), *many("b", 3)).result()
    assert [each["unit"] for each in told["units"]] == ["a", "b"]
    for what in ("appear", "vanish", "change"):
        assert sum(each[what] for each in told["units"]) == told["figures"][what]
    assert told["figures"]["appear"] == sum(each["count"] for each in told["levels"])
