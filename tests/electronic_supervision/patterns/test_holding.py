"""What holds of a group where the law itself says something impossible."""

from dataclasses import replace
from datetime import date

from services.electronic_supervision.domain.patterns.occurrence import Group, Occurrence, Source
from services.electronic_supervision.domain.patterns.reach import EVER
from services.electronic_supervision.domain.registers.inspection_quota import (
    INSPECTION_QUOTA,
    SetInspectionQuota,
)
from services.electronic_supervision.domain.registers.registers import fold
from services.electronic_supervision.domain.rules.demands import By
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.patterns import holding
from services.electronic_supervision.rules.read import read_rule
from services.electronic_supervision.rules.shelf import shipped
from tests.electronic_supervision.domain.lawful import law
from tests.electronic_supervision.domain.registers.city import MILL, told
from tests.electronic_supervision.live.said import local

UNIT = "WHAJJ"
RULE = "inspection-over-quota"
LAW = replace(
    law(),
    registers=fold(told(INSPECTION_QUOTA, [SetInspectionQuota(unit=UNIT, year=2012, times=1)])),
)
INSPECTED = [
    Occurrence(
        id=f"{n}", at=Moment.instant(local(f"2012-03-0{n} 10:00")), facts=(Source("s", f"{n}"),)
    )
    for n in (1, 2)
]


def found(text: str) -> int:
    rule = replace(read_rule(text).rule, effective_from=date(2011, 1, 1))
    group = Group(RULE, By.ENTERPRISE, MILL, UNIT)
    return len(holding.of_group(LAW, [rule], group, INSPECTED, EVER))


def test_a_quota_that_a_formula_makes_no_number_of_finds_nothing_and_stops_nothing() -> None:
    text = shipped()[RULE].text
    assert found(text) == 1
    assert found(text.replace("quota + 1", "quota - 1")) == 0, "it comes to no threshold"
