"""What electronic supervision needs of the house."""

from contracts.streams import CITY, stream_of
from kernel.tenancy import Tenancy

ORGANISATION = stream_of("organisation")
REGISTRAR = "/xiaoneng/evaluation"
"""Who tells of units on that stream, in its first epoch."""

TENANCY = Tenancy(
    name="electronic_supervision",
    context="supervision",
    source="/xiaoneng/electronic-supervision",
    migrations=("kernel.store.migrations", "services.electronic_supervision.migrations"),
    hears=(CITY, ORGANISATION),
)
