"""What the record of access needs of the house: a schema and a role, and nothing of the bus."""

from kernel.tenancy import Tenancy

TENANCY = Tenancy(
    name="access",
    source="/xiaoneng/access",
    migrations=("kernel.store.migrations", "kernel.access.migrations"),
)
