"""All services of the house, in one place."""

from kernel.tenancy import Tenancy
from services.electronic_supervision.tenancy import TENANCY as ELECTRONIC_SUPERVISION
from services.evaluation.tenancy import TENANCY as EVALUATION

TENANCIES: tuple[Tenancy, ...] = (ELECTRONIC_SUPERVISION, EVALUATION)
