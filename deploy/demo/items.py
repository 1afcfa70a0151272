"""What an item (事项) of the simulated city is: its limit, its steps, and what goes with it."""

from dataclasses import dataclass

from contracts.approvals import PauseGround
from contracts.vocabulary import Limit, LimitUnit
from deploy.demo.city import DemoSystem
from deploy.demo.units import BY_SHORT, Unit

ONLINE_FROM_DAYS = 3
WHOLE_DAYS = frozenset({LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item with its promised limit; `weight` says how often it is asked for.

    `states_end`: its system gives the instant of the end instead of a limit. `ground` is the one on
    which its clock may stop, `fee` a purpose with an amount in fen.
    """

    name: str
    system: DemoSystem
    units: tuple[Unit, ...]
    limit: Limit
    steps: tuple[str, ...] = ()
    weight: float = 1.0
    ground: PauseGround | None = None
    materials: tuple[str, ...] = ()
    fee: tuple[str, int] | None = None
    states_end: bool = False

    @property
    def is_online(self) -> bool:
        """Tell whether one may apply from home: not for what is done while one waits."""
        enough = self.limit.amount >= ONLINE_FROM_DAYS
        return self.limit.unit in WHOLE_DAYS and enough and not self.states_end


def item(
    system: DemoSystem,
    name: str,
    units: str,
    limit: Limit,
    steps: str = "",
    *,
    weight: float = 1.0,
    ground: PauseGround | None = None,
    materials: str = "",
    fee: tuple[str, int] | None = None,
    states_end: bool = False,
) -> Item:
    """Write an item down in short: units, steps and materials as words with blanks between."""
    return Item(
        name=name,
        system=system,
        units=tuple(BY_SHORT[short] for short in units.split()),
        limit=limit,
        steps=tuple(steps.split()),
        weight=weight,
        ground=ground,
        materials=tuple(materials.split()),
        fee=fee,
        states_end=states_end,
    )


def days(amount: int) -> Limit:
    """Limit to working days."""
    return Limit(amount=amount, unit=LimitUnit.WORKING_DAYS)


def calendar_days(amount: int) -> Limit:
    """Limit to days by the calendar."""
    return Limit(amount=amount, unit=LimitUnit.CALENDAR_DAYS)


def office_hours(amount: int) -> Limit:
    """Limit to hours in which the hall is open."""
    return Limit(amount=60 * amount, unit=LimitUnit.OFFICE_MINUTES)


def minutes(amount: int) -> Limit:
    """Limit to minutes by the clock on the wall."""
    return Limit(amount=amount, unit=LimitUnit.MINUTES)
