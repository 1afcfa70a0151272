"""All routes of the register for programs."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.evaluation.api.documents import documents_router
from services.evaluation.api.people import people_router
from services.evaluation.api.posts import posts_router
from services.evaluation.api.sections import sections_router
from services.evaluation.api.units import units_router
from services.evaluation.desk import Desk


def routers(desk: Desk) -> Sequence[APIRouter]:
    """Build them."""
    return (
        units_router(desk),
        sections_router(desk),
        posts_router(desk),
        people_router(desk),
        documents_router(desk),
    )
