"""Somebody who is known, in which roles, and what he may therefore do and see."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from contracts.grants import types_of
from kernel.access.policy import BY_SUBSCRIPTION, POLICY, Right, Role

Units = frozenset[str] | None
"""The codes of the units that somebody may know of, None for all."""

Acting = Mapping[str, str]
"""What the record keeps of who did something."""


def by_hand(who: str) -> Acting:
    """Return what the record keeps of somebody at the command line of a server."""
    return {"by": who, "role": "", "unit": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role, for one unit or (None) for the whole city."""

    role: Role
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who holds a session or a token; `name` is what the record calls him.

    `source` is the only name under which he may report events; `subscribes` are the names in
    contracts.grants without which 订阅 may do nothing. `has_account` if `name` is that of
    an account and not of a token. Who `owes_password` may do nothing before he has changed it.
    """

    name: str
    grants: tuple[Grant, ...]
    title: str = ""
    source: str | None = None
    subscribes: tuple[str, ...] = ()
    has_account: bool = False
    owes_password: bool = False

    def may(self, right: Right) -> bool:
        """Tell whether one of his roles has a right."""
        return any(True for _ in self._having(right))

    def calling(self, right: Right) -> "Caller | None":
        """Return him as he makes use of a right, None if he has it not.

        A role for the whole city comes before those for units, which add up.
        """
        having = sorted(
            self._having(right),
            key=lambda grant: (grant.unit is not None, list(Role).index(grant.role)),
        )
        if not having:
            return None
        units = {grant.unit for grant in having}
        known = None if None in units else frozenset(unit for unit in units if unit is not None)
        role, types = having[0].role, self._types_of(having)
        return Caller(principal=self, right=right, role=role, units=known, types=types)

    def _having(self, right: Right) -> Iterator[Grant]:
        if self.owes_password and right is not Right.KEEP_OWN_ACCOUNT:
            return iter(())
        return (
            grant
            for grant in self.grants
            if grant.role in POLICY[right]
            and (grant.role is not Role.SUBSCRIBER or self._subscribes_to(right))
        )

    def _subscribes_to(self, right: Right) -> bool:
        return not BY_SUBSCRIPTION.get(right, frozenset()).isdisjoint(self.subscribes)

    def _types_of(self, having: Iterable[Grant]) -> frozenset[str] | None:
        # strict for whoever has another role too: units add up, and types are not kept by unit
        if all(grant.role is not Role.SUBSCRIBER for grant in having):
            return None
        return frozenset().union(*(types_of(each) for each in self.subscribes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who makes use of a right: in which role, and of which units he may know.

    `types` are the events that he may follow, None for all.
    """

    principal: Principal
    right: Right
    role: Role
    units: Units = None
    types: frozenset[str] | None = None

    @property
    def name(self) -> str:
        """Return what the record calls him."""
        return self.principal.name

    def knows(self, unit: str) -> bool:
        """Tell whether he may know of a unit."""
        return self.units is None or unit in self.units

    def follows(self, event_type: str) -> bool:
        """Tell whether he may hear of events of a type."""
        return self.types is None or event_type in self.types

    def acting(self) -> Acting:
        """Return what the record keeps of who did something: by whom, in which role, for whom."""
        return {
            "by": self.name,
            "role": self.role.value,
            "unit": ",".join(sorted(self.units or ())),
        }
