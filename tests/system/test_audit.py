"""Auditors read who did what in which role; that they took it away is on the record too."""

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import get_args

import httpx
import pytest

from deploy.tenancies import ACCESS
from kernel.access import account, attempts, partner, token
from kernel.access.policy import BOUND_TO_UNITS, PEOPLE, Role
from kernel.access.principal import Grant
from kernel.reception.audit.deeds import DEEDS
from kernel.reception.audit.exported import AuditExported
from services.electronic_supervision.deeds import DEEDS as DEEDS_OF_SUPERVISION
from services.electronic_supervision.domain.catalogue.item_acts import Event as EventOfCatalogue
from services.electronic_supervision.domain.registers.registers import Event as EventOfRegisters
from services.electronic_supervision.domain.rules.life_acts import Event as EventOfRules
from services.electronic_supervision.exported import DocumentExported
from services.electronic_supervision.record import MessageSettled, RestrictedLooked
from services.evaluation.deeds import DEEDS as DEEDS_OF_EVALUATION
from services.evaluation.exported import RegisterExported
from services.evaluation.store import Event as EventOfEvaluation
from tests.system.access import let_in, signed_in
from tests.system.stack import Process, Stack

PAGE, EXPORT = "/console/audit", "/console/audit.csv"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
async def running(shared_city: Stack) -> Process:
    await let_in(shared_city.postgres.url(), "token of a program", name=FORMULA)
    return await shared_city.start().listening()


@asynccontextmanager
async def browser(
    city: Stack, process: Process, name: str, *grants: Grant
) -> AsyncIterator[httpx.AsyncClient]:
    """Open the browser of somebody who has signed in."""
    record = await city.database(ACCESS)
    now = await record.fetchval("select now()")
    await record.close()
    secret = await signed_in(city.postgres.url(), name, *grants, now=now, title="某某")
    async with httpx.AsyncClient(
        base_url=process.origin, cookies={"xiaoneng": secret}, headers={"Accept": "text/html"}
    ) as client:
        yield client


@pytest.fixture
async def auditor(shared_city: Stack, running: Process) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(shared_city, running, "shen", Grant(role=Role.AUDITOR)) as client:
        yield client


async def test_an_auditor_reads_who_did_what(auditor: httpx.AsyncClient) -> None:
    page = await auditor.get(PAGE)
    assert page.status_code == 200
    assert "开立账号" in page.text
    assert "发放访问令牌" in page.text


@pytest.mark.parametrize("role", sorted(PEOPLE - {Role.AUDITOR}))
async def test_nobody_else_reads_it(shared_city: Stack, running: Process, role: Role) -> None:
    grant = Grant(role=role, unit="civil-affairs" if role in BOUND_TO_UNITS else None)
    async with browser(shared_city, running, f"other-{role}", grant) as client:
        assert (await client.get(PAGE)).status_code == 403
        assert (await client.get(EXPORT)).status_code == 403


async def test_what_is_taken_away_is_whole_harmless_and_on_the_record(
    auditor: httpx.AsyncClient,
) -> None:
    taken = await auditor.get(EXPORT)
    assert taken.headers["content-type"].startswith("text/csv")
    assert taken.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(taken.text.removeprefix("\ufeff"))))
    assert {"操作人", "角色", "操作", "对象"} <= set(rows[0])
    assert not [cell for row in rows for cell in row.values() if cell.startswith("=")]
    page = await auditor.get(PAGE, params={"by": "shen", "role": "auditor"})
    assert "导出操作审计" in page.text


async def test_filters_find_and_leave_out(auditor: httpx.AsyncClient) -> None:
    nobody = await auditor.get(PAGE, params={"by": "nobody"})
    assert "没有这样的操作" in nobody.text
    old = await auditor.get(PAGE, params={"until": "2001-01-01"})
    assert "没有这样的操作" in old.text
    other = await auditor.get(PAGE, params={"record": "electronic_supervision", "by": "shen"})
    assert "没有这样的操作" in other.text
    empty = await auditor.get(f"{PAGE}?by=&role=&record=&since=&until=")
    assert empty.status_code == 200
    all_days = await auditor.get(PAGE, params={"since": "2019-12-31", "record": "access"})
    assert "开立账号" in all_days.text


@pytest.mark.parametrize(
    "query",
    ["since=x", "until=9999-12-31", "since=0001-01-01", "role=king", "after=x", "by=%00"],
)
async def test_what_nobody_can_have_meant_is_refused(
    auditor: httpx.AsyncClient, query: str
) -> None:
    assert (await auditor.get(f"{PAGE}?{query}")).status_code in {400, 422}


@pytest.mark.parametrize(
    ("words", "events"),
    [
        (DEEDS, [account.Event, attempts.Event, partner.Event, token.Event, AuditExported]),
        (DEEDS_OF_EVALUATION, [EventOfEvaluation, RegisterExported]),
        (
            DEEDS_OF_SUPERVISION,
            [
                MessageSettled,
                RestrictedLooked,
                DocumentExported,
                EventOfCatalogue,
                EventOfRegisters,
                EventOfRules,
            ],
        ),
    ],
)
def test_every_deed_of_a_person_has_words(
    words: Mapping[str, str], events: Sequence[object]
) -> None:
    classes = {each for event in events for each in get_args(event) or (event,)}
    assert set(words) == {each.__name__ for each in classes}
