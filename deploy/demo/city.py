"""The systems of the simulated city: who speaks, under what source, and how it numbers cases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.organisation import Alias
from deploy.demo.units import Unit
from services.electronic_supervision.doors.systems import CitySystem


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSystem:
    """A system that may speak, and its ways: how it calls a unit, `prefix` of its case numbers.

    `is_numbered`: its events carry a sequence from 1.
    """

    system: CitySystem
    prefix: str
    calls: Callable[[Unit], str]
    is_numbered: bool = False

    @property
    def name(self) -> str:
        """The name on the bus."""
        return self.system.name

    @property
    def source(self) -> str:
        """The source of its events; its path says that all of it is simulated."""
        return self.system.source

    def case(self, on: date, number: int, unit: Unit) -> str:
        """Give the number of a case: `number` counts within the day, below 10,000."""
        prefix = self.prefix or unit.division
        return f"{prefix}-{on.year}-{on.timetuple().tm_yday:03}{number:04}"

    def alias(self, unit: Unit) -> Alias | None:
        """Return what it calls a unit, if that is not the register's code."""
        code = self.calls(unit)
        return None if code in {"", unit.code} else Alias(source=self.source, code=code)


def _code(unit: Unit) -> str:
    return unit.code


def _short(unit: Unit) -> str:
    return unit.short


def _division(unit: Unit) -> str:
    return unit.division


def _system(name: str, title: str, settle: timedelta = timedelta()) -> CitySystem:
    return CitySystem(name=name, source=f"/wuhu-demo/{name}", settle=settle, title=title)


UPLOADED_WITHIN = timedelta(hours=16)
"""From the opening of a day, of which the counties tell at night, to that midnight, and some."""

APPROVALS = DemoSystem(
    system=_system("approvals", "行政审批系统"), prefix="340200", calls=_code, is_numbered=True
)
REAL_ESTATE = DemoSystem(
    system=_system("real-estate", "不动产登记系统"), prefix="BDC3402", calls=_code
)
HOTLINE = DemoSystem(
    system=_system("hotline-12345", "12345 政务热线"), prefix="WH12345", calls=_short
)
OVERSIGHT = DemoSystem(system=_system("oversight", "OA 督办系统"), prefix="WHDB", calls=_short)
COUNTIES = DemoSystem(
    system=_system("counties", "县区政务服务系统", UPLOADED_WITHIN), prefix="", calls=_division
)
UTILITIES = DemoSystem(
    system=_system("utilities", "水电气报装系统"), prefix="GY3402", calls=_short, is_numbered=True
)

DEMO_SYSTEMS: Sequence[DemoSystem] = (
    APPROVALS,
    REAL_ESTATE,
    HOTLINE,
    OVERSIGHT,
    COUNTIES,
    UTILITIES,
)
BY_NAME: Mapping[str, DemoSystem] = {each.name: each for each in DEMO_SYSTEMS}
SYSTEMS: Sequence[CitySystem] = [each.system for each in DEMO_SYSTEMS]
"""The systems to admit before the city lives."""
