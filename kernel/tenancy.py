"""What a service needs of the house: a schema, a role, a stream of its own, streams to hear."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenancy:
    """One service. `name` is its schema, its database role, its NATS user and its consumers.

    It publishes the events of one `context` to that context's stream, and hears whole streams; with
    none ("") it says nothing, hears nothing, and is unknown on the bus.
    `migrations` are packages of numbered SQL, in the order in which they build on each other.
    `source` is what its events call it.
    """

    name: str
    source: str
    migrations: tuple[str, ...]
    context: str = ""
    hears: tuple[str, ...] = ()

    @property
    def is_on_bus(self) -> bool:
        """Tell whether it has a stream and a NATS user."""
        return self.context != ""

    def source_in(self, epoch: int) -> str:
        """Return what events call this service in an epoch of its record."""
        return self.source if epoch == 1 else f"{self.source}/epoch-{epoch}"
