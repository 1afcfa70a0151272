"""All services of the house, in one place."""

from kernel.access import tenancy as access
from kernel.tenancy import Tenancy
from services.electronic_supervision import tenancy as electronic_supervision
from services.evaluation import tenancy as evaluation

ELECTRONIC_SUPERVISION = electronic_supervision.TENANCY
EVALUATION = evaluation.TENANCY
ACCESS = access.TENANCY

TENANCIES: tuple[Tenancy, ...] = (ELECTRONIC_SUPERVISION, EVALUATION, ACCESS)
