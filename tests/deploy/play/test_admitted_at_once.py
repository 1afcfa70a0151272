"""A system admitted while the stack runs reports at once, on the bus and over HTTP."""

import json

import httpx
import nats
import pytest
from nats.aio.client import Client
from nats.js.errors import NoStreamResponseError

from contracts.subjects import city
from deploy.provision.roles import url_for
from kernel.bus import inbox
from tests.deploy.typed import Place
from tests.waiting import until

TYPE = "xiaoneng.approvals.case-accepted.v1"


def shown(out: str, name: str) -> str:
    line = next(each for each in out.splitlines() if name in each)
    return line.split()[-1].removesuffix("（只显示这一次）")


def accepted(source: str, case: str) -> bytes:
    told = {
        "specversion": "1.0",
        "id": case,
        "source": source,
        "type": TYPE,
        "time": "2026-03-02T10:00:00+08:00",
        "data": {"case": case, "unit": "局", "item": "事项"},
    }
    return json.dumps(told).encode()


async def test_a_system_reports_by_both_doors_as_soon_as_it_is_admitted(stage: Place) -> None:
    before = stage.type("admit", "earlier", "/city/earlier").stdout
    earlier = await connected(stage, before)
    told = stage.type("admit", "newcomer", "/city/newcomer").stdout
    newcomer = await connected(stage, told)
    for client, name in ((newcomer, "newcomer"), (earlier, "earlier")):
        subject = city(name, TYPE, unit="局", key="by-bus")
        await client.jetstream().publish(subject, accepted(f"/city/{name}", "by-bus"))
        foreign = city("hall", TYPE, unit="局", key="x")
        with pytest.raises((NoStreamResponseError, nats.errors.TimeoutError)):
            await client.jetstream().publish(foreign, b"{}", timeout=0.3)
        await client.close()
    stack = stage.stack
    async with httpx.AsyncClient(base_url=stack["console"]) as door:
        answer = await door.post(
            "/events",
            content=accepted("/city/newcomer", "by-http"),
            headers={
                "Authorization": f"Bearer {shown(told, 'HTTP 令牌')}",
                "Content-Type": "application/cloudevents+json",
            },
        )
        assert answer.status_code == 202
        operator = {"Authorization": f"Bearer {stack['token']}"}

        async def numbers() -> bool:
            cases = await door.get("/cases", params={"source": "/city/newcomer"}, headers=operator)
            return {each["number"] for each in cases.json()["items"]} == {"by-bus", "by-http"}

        await until(numbers)


async def connected(stage: Place, told: str) -> Client:
    user, password = shown(told, "总线用户"), shown(told, "总线口令")

    async def ignore(_: Exception) -> None:
        """A subject that is not granted is refused on this connection too."""

    url = url_for(stage.stack["nats_url"], user, password)
    return await nats.connect(url, inbox_prefix=inbox(user), error_cb=ignore)
