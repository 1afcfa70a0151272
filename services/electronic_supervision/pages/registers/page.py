"""All pages of the registers."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.electronic_supervision.pages.registers import paths
from services.electronic_supervision.pages.registers.entry import entry_router
from services.electronic_supervision.pages.registers.importing import importing_router
from services.electronic_supervision.pages.registers.keeping import keeping_router
from services.electronic_supervision.pages.registers.list import list_router
from services.electronic_supervision.registers.clerk import Clerk

PATH = paths.ROOT


def registers_pages(clerk: Clerk) -> Sequence[APIRouter]:
    """Build their routes; that of entries takes any path, and comes last."""
    return (
        list_router(clerk),
        importing_router(clerk),
        keeping_router(clerk),
        entry_router(clerk),
    )
