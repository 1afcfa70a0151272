"""All pages of electronic supervision, and their places in the navigation."""

from collections.abc import Sequence

from fastapi import APIRouter

from kernel.access.policy import Right
from kernel.bell import Bell
from kernel.web.nudges import Nudges
from kernel.web.shell.shell import Pages, Place
from services.electronic_supervision.catalogue.desk import CatalogueDesk
from services.electronic_supervision.pages.calendar import page as calendar
from services.electronic_supervision.pages.case import page as case
from services.electronic_supervision.pages.cases import page as cases
from services.electronic_supervision.pages.catalogue import paths as catalogue_paths
from services.electronic_supervision.pages.catalogue.page import catalogue_routers
from services.electronic_supervision.pages.connectors import page as connectors
from services.electronic_supervision.pages.leads import page as leads
from services.electronic_supervision.pages.overview import page as overview
from services.electronic_supervision.pages.partners import page as partners
from services.electronic_supervision.pages.partners import try_page
from services.electronic_supervision.pages.registers import page as registers
from services.electronic_supervision.pages.rules import paths as rules_paths
from services.electronic_supervision.pages.rules.desk import RulesDesk
from services.electronic_supervision.pages.rules.page import rules_routers
from services.electronic_supervision.pages.sources import page as sources
from services.electronic_supervision.pages.sources import quarantine
from services.electronic_supervision.pages.wall import page as wall
from services.electronic_supervision.pages.wall.known import known_router
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.registers.clerk import Clerk


def pages(notice: str) -> Pages:
    """Return what the shell is told of the pages; `notice` is shown on every one."""
    return Pages(
        name="supervision",
        package="services.electronic_supervision.pages",
        places=(
            Place(overview.PATH, "总览", Right.SEE_CASES),
            Place(wall.PATH, "监察预警", Right.SEE_CASES),
            Place(cases.PATH, "办件", Right.SEE_CASES),
            Place(leads.PATH, "监察线索", Right.SEE_CASES),
            Place(sources.PATH, "报送来源", Right.SEE_SOURCES),
            Place(connectors.PATH, "连接器", Right.SEE_SOURCES),
            Place(partners.PATH, "伙伴系统", Right.SEE_SOURCES),
            Place(catalogue_paths.ROOT, "事项目录", Right.SEE_CATALOGUE),
            Place(registers.PATH, "监察依据", Right.SEE_CATALOGUE),
            Place(rules_paths.ROOT, "监察规则", Right.SEE_CATALOGUE),
            Place(calendar.PATH, "工作日历", Right.SEE_CALENDAR),
        ),
        notice=notice,
    )


def routers(desk: Desk, nudges: Nudges, said: Bell | None = None) -> Sequence[APIRouter]:
    """Build the routes of all pages; `said` is to ring, if it is there, when something was said."""
    return (
        overview.overview_router(desk),
        wall.wall_router(desk, nudges),
        known_router(desk),
        cases.cases_router(desk),
        case.case_router(desk),
        leads.leads_router(desk),
        sources.sources_router(desk),
        quarantine.quarantine_router(desk),
        connectors.connectors_router(desk),
        partners.partners_router(desk),
        try_page.try_page_router(desk),
        calendar.calendar_router(desk),
        *catalogue_routers(CatalogueDesk(pool=desk.pool, clock=desk.clock, said=said)),
        *rules_routers(RulesDesk(pool=desk.pool, clock=desk.clock, office=desk.court.office)),
        *registers.registers_pages(Clerk(pool=desk.pool, clock=desk.clock)),
    )
