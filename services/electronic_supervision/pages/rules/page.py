"""All pages of rules (监察规则) and rehearsals (预演)."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.electronic_supervision.pages.rules.desk import RulesDesk
from services.electronic_supervision.pages.rules.keeping import keeping_router
from services.electronic_supervision.pages.rules.list import list_router
from services.electronic_supervision.pages.rules.one import one_router
from services.electronic_supervision.pages.rules.rehearsals import rehearsals_router


def rules_routers(desk: RulesDesk) -> Sequence[APIRouter]:
    """Build their routes; the form for drafts before the rules by id."""
    return (list_router(desk), keeping_router(desk), one_router(desk), rehearsals_router(desk))
