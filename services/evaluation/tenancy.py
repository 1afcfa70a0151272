"""What evaluation needs of the house."""

from kernel.tenancy import Tenancy

TENANCY = Tenancy(
    name="evaluation",
    context="organisation",
    source="/xiaoneng/evaluation",
    migrations=("kernel.store.migrations", "services.evaluation.migrations"),
)
