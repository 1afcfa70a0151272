"""What machines ask: alive whatever happens, ready only if every check says so in time."""

import asyncio
import json
import re
from collections.abc import Sequence

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter

from kernel.readiness import Check, Problem
from kernel.web.access import Keyring
from kernel.web.app import create_app
from tests.kernel.web.town import opened

LAGS = Problem(code="relay-behind", message="转发落后 5000 条。")


async def fine() -> Sequence[Problem]:
    return ()


async def lags() -> Sequence[Problem]:
    return (LAGS,)


async def hangs() -> Sequence[Problem]:
    await asyncio.Event().wait()
    return ()


async def deaf() -> Sequence[Problem]:
    """Hang, and do not even listen to being cancelled."""
    end = asyncio.get_running_loop().time() + 3
    while (left := end - asyncio.get_running_loop().time()) > 0:
        try:
            await asyncio.sleep(left)
        except asyncio.CancelledError:
            continue
    return ()


async def raises() -> Sequence[Problem]:
    raise OSError("postgresql://user:SECRET@host")


def codes(answer: httpx.Response) -> list[str]:
    told = json.loads(answer.text)
    assert told["ready"] is False
    return [each["code"] for each in told["problems"]]


async def test_a_process_whose_checks_are_all_well_is_ready() -> None:
    async with opened(checks=[fine, fine]) as house:
        answer = await house.client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})


async def test_what_is_in_the_way_is_told_by_code_and_words() -> None:
    async with opened(checks=[fine, lags]) as house:
        answer = await house.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "problems": [{"code": LAGS.code, "message": LAGS.message}],
    }


async def test_what_is_not_in_the_way_is_told_and_the_process_is_ready() -> None:
    async def outside() -> Sequence[Problem]:
        return [Problem(code="connector-failing", message="目录不在。", is_in_the_way=False)]

    told = [{"code": "connector-failing", "message": "目录不在。"}]
    async with opened(checks=[fine, outside]) as house:
        answer = await house.client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "warnings": told})
    async with opened(checks=[lags, outside]) as house:
        answer = await house.client.get("/readyz")
    assert (answer.status_code, codes(answer)) == (503, ["relay-behind"])
    assert answer.json()["warnings"] == told


async def test_a_check_that_raises_is_a_problem_of_its_own_and_hides_no_other() -> None:
    async with opened(checks=[raises, lags]) as house:
        answer = await house.client.get("/readyz")
    assert answer.status_code == 503
    assert codes(answer) == ["check-failed", "relay-behind"]
    assert "SECRET" not in answer.text


@pytest.mark.parametrize(("check", "name"), [(raises, "raises"), (hangs, "hangs")])
async def test_the_name_of_a_check_is_for_our_logs_and_not_for_operators(
    check: Check, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(checks=[check], check_seconds=0.2) as house:
        answer = await house.client.get("/readyz")
    message = answer.json()["problems"][0]["message"]
    assert name not in message
    assert re.search("[A-Za-z_]", message) is None, "only programmers understand it"
    assert "运行日志" in message
    assert [getattr(each, "check", "") for each in caplog.records] == [name]


@pytest.mark.parametrize("stuck", [hangs, deaf])
async def test_a_check_that_hangs_is_a_problem_in_time(stuck: object) -> None:
    assert callable(stuck)
    async with opened(checks=[stuck, stuck, lags], check_seconds=0.2) as house:
        async with asyncio.timeout(2.5):
            answer = await house.client.get("/readyz")
    assert answer.status_code == 503
    assert codes(answer) == ["check-timed-out", "check-timed-out", "relay-behind"]


async def test_a_check_that_hangs_is_not_left_running() -> None:
    left = asyncio.Event()

    async def notes() -> Sequence[Problem]:
        try:
            await asyncio.Event().wait()
        finally:
            left.set()
        return ()

    async with opened(checks=[notes], check_seconds=0.05) as house:
        await house.client.get("/readyz")
        async with asyncio.timeout(2):
            await left.wait()


async def test_checks_are_made_at_the_same_time() -> None:
    both = asyncio.Barrier(2)

    async def meets() -> Sequence[Problem]:
        await both.wait()
        return ()

    async with opened(checks=[meets, meets]) as house:
        answer = await house.client.get("/readyz")
    assert answer.status_code == 200


async def test_a_process_is_alive_while_nothing_it_depends_on_is() -> None:
    async with opened(checks=[hangs, raises]) as house:
        answer = await house.client.get("/livez")
        assert answer.status_code == 200
        answer = await house.client.head("/livez")
        assert (answer.status_code, answer.content) == (200, b"")


async def test_what_was_counted_is_told_in_the_format_of_prometheus() -> None:
    async with opened() as house:
        answer = await house.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")


async def test_what_several_services_count_is_told_as_one() -> None:
    mine, theirs = CollectorRegistry(), CollectorRegistry()
    for registry, service in ((mine, "complaints"), (theirs, "evaluation")):
        Counter("told", "Things told.", ["service"], registry=registry).labels(service).inc()
    app = create_app(
        title="test",
        routers=[],
        checks=(),
        registry=CollectorRegistry(),
        keyring=Keyring.of({}),
        others=[mine, theirs],
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://house"
    ) as client:
        text = (await client.get("/metrics")).text
    assert text.count("# TYPE told_total counter") == 1
    assert 'told_total{service="complaints"} 1.0' in text
    assert 'told_total{service="evaluation"} 1.0' in text
