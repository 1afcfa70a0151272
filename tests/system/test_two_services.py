"""Two services that know nothing of each other but their events."""

import httpx

from deploy.provision.difference import Difference
from deploy.provision.provision import plan
from deploy.provision.users import ADMINISTRATOR
from deploy.tenancies import EVALUATION
from tests.electronic_supervision.live.said import APPROVALS, accepted, raw
from tests.system.stack import PASSWORDS, REPORTER, SOON, Process, Stack
from tests.waiting import until

SINGLE = {"Content-Type": "application/cloudevents+json"}


async def named(office: httpx.AsyncClient, name: str) -> bool:
    cases = (await office.get("/cases")).json()["items"]
    return [each.get("unit_name") for each in cases] == [name]


async def differences(city: Stack) -> list[Difference]:
    return await plan(city.postgres.url(), city.nats_url(ADMINISTRATOR), PASSWORDS, SOON)


async def test_a_unit_registered_with_evaluation_has_its_name_in_supervision(
    city: Stack, supervision: Process
) -> None:
    evaluation = await city.start(tenancy=EVALUATION).listening()
    async with supervision.client(REPORTER) as reporter:
        told = raw(accepted("2026-11-20 10:00", unit="ZJ"))
        assert (await reporter.post("/events", content=told, headers=SINGLE)).status_code == 202
    unit = {
        "name": "芜湖市住房和城乡建设局",
        "group": "government",
        "aliases": [{"source": APPROVALS.source, "code": "ZJ"}],
        "effective_from": "2012-01-01",
    }
    async with evaluation.client() as registrar, supervision.client() as office:
        assert (await registrar.put("/units/WHZJW", json=unit)).status_code == 201
        await until(lambda: named(office, "芜湖市住房和城乡建设局"))
        renamed = {"name": "市住建局", "effective_from": "2026-11-01"}
        assert (await registrar.post("/units/WHZJW/rename", json=renamed)).is_success
        await until(lambda: named(office, "市住建局"))
    assert await differences(city) == [], "a second provisioning would have it heard again"
