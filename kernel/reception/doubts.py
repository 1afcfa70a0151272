"""What is doubtful about roles that were given: they may be right tomorrow, so nothing is refused.

Who is bound to a unit that nobody registered sees nothing, and nobody would tell him why.
"""

from collections.abc import Collection, Iterable

from starlette.requests import Request

from kernel.access.principal import Grant
from kernel.access.register import Register, units_of

NO_ROLE = "没有角色：可以登录，但什么也看不到。"


async def unregistered(request: Request, grants: Iterable[Grant]) -> frozenset[str]:
    """Return the units of some grants that no register in this process knows."""
    unknown = units_of(grants)
    registers: list[Register] = request.app.state.registers
    if not registers:
        return frozenset()
    for register in registers:
        unknown &= frozenset(await register(unknown)) if unknown else unknown
    return unknown


def doubt_of_units(unknown: Collection[str]) -> str:
    """Say what is wrong with units that nobody registered, "" if there are none."""
    if not unknown:
        return ""
    codes = "、".join(sorted(unknown))
    return f"单位名册中没有 {codes}：按此授权，什么也看不到。请核对代码，或者先登记单位。"


def doubts(grants: Collection[Grant], unknown: Collection[str]) -> list[str]:
    """Say all that is doubtful about the roles of somebody."""
    told = ["" if grants else NO_ROLE, doubt_of_units(units_of(grants) & frozenset(unknown))]
    return [each for each in told if each]
