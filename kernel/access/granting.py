"""Which roles are held for units, and which for the whole city."""

from collections.abc import Iterable

from kernel.access.policy import BOUND_TO_UNITS, MAY_HAVE_UNITS
from kernel.access.principal import Grant
from kernel.access.refused import Refused


def make_sure_of_units(grants: Iterable[Grant]) -> None:
    """Refuse a role without the units that it needs, and one that units would not confine.

    Raises Refused (`unit-needed`, `unit-useless`).
    """
    for grant in grants:
        if grant.role in BOUND_TO_UNITS and not grant.unit:
            raise Refused("unit-needed", field="unit")
        if grant.unit is not None and grant.role not in MAY_HAVE_UNITS:
            raise Refused("unit-useless", field="unit")
