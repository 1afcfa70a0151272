"""All pages of the register, and their place in the navigation."""

from collections.abc import Sequence

from fastapi import APIRouter

from kernel.access.policy import Right
from kernel.web.shell.shell import Pages, Place
from services.evaluation.desk import Desk
from services.evaluation.pages import paths
from services.evaluation.pages.entries import entries_router
from services.evaluation.pages.importing import importing_router
from services.evaluation.pages.keeping import keeping_router
from services.evaluation.pages.list import list_router
from services.evaluation.pages.unit import unit_router

PAGES = Pages(
    name="register",
    package="services.evaluation.pages",
    places=(Place(paths.ROOT, "单位名册", Right.SEE_REGISTER),),
)


def page_routers(desk: Desk) -> Sequence[APIRouter]:
    """Build the routes of all pages."""
    return (
        list_router(desk),
        keeping_router(desk),
        importing_router(desk),
        unit_router(desk),
        entries_router(desk),
    )
