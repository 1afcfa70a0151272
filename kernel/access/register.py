"""The city's register of units, as far as who may see what has to do with it."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence

from kernel.access.principal import Grant

Register = Callable[[Collection[str]], Awaitable[Sequence[str]]]
"""Returns those of some codes of units that the register does not know, sorted."""


def units_of(grants: Iterable[Grant]) -> frozenset[str]:
    """Return the units for which roles are held."""
    return frozenset(grant.unit for grant in grants if grant.unit is not None)
