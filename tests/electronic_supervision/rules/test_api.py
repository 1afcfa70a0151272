"""The rules as programs read them, now or as they were known."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest
from prometheus_client import CollectorRegistry

from deploy.local.postgres import Postgres
from kernel.access.policy import Role
from kernel.access.principal import Grant, Principal
from kernel.bell import Bell
from kernel.database import instant, open_pool
from kernel.web.access import Keyring, digest_of
from kernel.web.app import create_app
from services.electronic_supervision.api.rules import rules_router
from services.electronic_supervision.domain.rules.life_acts import RetireRule
from services.electronic_supervision.loop.court import Court, stated_law
from services.electronic_supervision.reading.desk import Desk
from services.electronic_supervision.rules.keep import bring_shipped, carry_out
from services.electronic_supervision.rules.shelf import shipped
from tests.electronic_supervision.live.conftest import OFFICE as HALL
from tests.electronic_supervision.rules.test_keep import (
    ACTIVATE,
    DRAFT,
    MONDAY,
    NOW,
    OFFICE,
    REHEARSED,
    STRICTER,
    connection,
)

__all__ = ["connection"]

PEOPLE = {
    "office": Principal(name="office", grants=(Grant(role=Role.OFFICE),)),
    "admin": Principal(name="admin", grants=(Grant(role=Role.ADMINISTRATOR),)),
}


@pytest.fixture
async def door(
    connection: asyncpg.Connection, server: Postgres
) -> AsyncIterator[httpx.AsyncClient]:
    await bring_shipped(connection, NOW, MONDAY)
    schema = await connection.fetchval("select current_schema()")
    pool = await open_pool(server.url(), schema)
    desk = Desk(
        pool=pool,
        court=Court(law=stated_law(HALL), settle={}),
        facts=Bell(pool, "facts"),
        clock=lambda: datetime(2012, 3, 7, 1, tzinfo=UTC),
        now=instant,
    )
    app = create_app(
        title="test",
        routers=[rules_router(desk)],
        checks=[],
        registry=CollectorRegistry(),
        keyring=Keyring.of({digest_of(name): who for name, who in PEOPLE.items()}),
    )
    headers = {"Authorization": "Bearer office"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://hall", headers=headers
    ) as client:
        yield client
    await pool.close()


async def test_all_rules_are_listed_with_clause_and_state(door: httpx.AsyncClient) -> None:
    told = {each["id"]: each["versions"] for each in (await door.get("/rules")).json()}
    assert list(told) == sorted(shipped())
    for id_, versions in told.items():
        rule = shipped()[id_].rule
        assert [each["version"] for each in versions] == [1]
        assert (versions[0]["title"], versions[0]["clause"]) == (rule.title, rule.clause)
        assert versions[0]["state"] in ("active", "shadow"), "a release puts each in its place"
        assert "document" not in versions[0]


async def test_a_rule_is_shown_with_every_version_and_its_text_as_known_then(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    later = NOW + timedelta(hours=1)
    for command in (DRAFT, REHEARSED, ACTIVATE):
        await carry_out(connection, command, now=later, acting=OFFICE)
    first, second = (await door.get(f"/rules/{DRAFT.id}")).json()["versions"]
    assert (second["state"], second["effective_from"]) == ("active", "2012-03-06")
    assert second["document"] == STRICTER
    assert first["effective_until"] == second["effective_from"]
    then = await door.get(f"/rules/{DRAFT.id}", params={"known_at": NOW.isoformat()})
    assert [each["version"] for each in then.json()["versions"]] == [1]


async def test_what_was_retired_says_when_and_why(
    door: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    end = RetireRule(id=DRAFT.id, version=1, day=MONDAY, today=MONDAY, reason="与新规重复")
    await carry_out(connection, end, now=NOW, acting=OFFICE)
    (only,) = (await door.get(f"/rules/{DRAFT.id}")).json()["versions"]
    told = (only["state"], only["effective_until"], only["reason"])
    assert told == ("retired", "2012-03-05", "与新规重复")


async def test_a_rule_that_nobody_wrote_is_unknown_and_accounts_see_none(
    door: httpx.AsyncClient,
) -> None:
    answer = await door.get("/rules/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "rule-unknown")
    answer = await door.get("/rules", headers={"Authorization": "Bearer admin"})
    assert answer.status_code == 403
