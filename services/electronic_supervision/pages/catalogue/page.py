"""All pages of the catalogue of items (事项目录)."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.electronic_supervision.catalogue.desk import CatalogueDesk
from services.electronic_supervision.pages.catalogue.compression import compression_router
from services.electronic_supervision.pages.catalogue.importing import importing_router
from services.electronic_supervision.pages.catalogue.item import item_router
from services.electronic_supervision.pages.catalogue.keeping import keeping_router
from services.electronic_supervision.pages.catalogue.list import list_router


def catalogue_routers(desk: CatalogueDesk) -> Sequence[APIRouter]:
    """Build their routes."""
    return (
        list_router(desk),
        item_router(desk),
        compression_router(desk),
        keeping_router(desk),
        importing_router(desk),
    )
