"""What a service needs of the house: a schema, a role, a stream of its own, streams to hear."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenancy:
    """One service. `name` is its schema, its database role, its NATS user and its consumers.

    It publishes the events of one `context` to that context's stream, and hears whole streams.
    `migrations` are packages of numbered SQL, in the order in which they build on each other.
    `source` is what its events call it.
    """

    name: str
    context: str
    source: str
    migrations: tuple[str, ...]
    hears: tuple[str, ...] = ()

    def source_in(self, epoch: int) -> str:
        """Return what events call this service in an epoch of its record."""
        return self.source if epoch == 1 else f"{self.source}/epoch-{epoch}"
