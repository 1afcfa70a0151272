"""On a stack that runs a partner takes part at once, by both doors, until it is told otherwise."""

import json
from collections.abc import Iterator

import httpx
import nats.errors
import pytest

from contracts.subjects import city
from deploy.partner.bus import is_let_in
from deploy.partner.keys import Keys, keys_of
from tests.deploy.partner.partners import connection
from tests.deploy.partner.test_command import shown
from tests.deploy.typed import Place, place
from tests.waiting import until

TYPE = "xiaoneng.approvals.case-accepted.v1"


@pytest.fixture(scope="module")
def stage() -> Iterator[Place]:
    with place() as made:
        started = made.up("--background")
        assert started.returncode == 0, started.stderr
        yield made


def accepted(name: str, case: str) -> bytes:
    told = {
        "specversion": "1.0",
        "id": case,
        "source": f"/city/{name}",
        "type": TYPE,
        "time": "2026-03-02T10:00:00+08:00",
        "data": {"case": case, "unit": "局", "item": "事项"},
    }
    return json.dumps(told).encode()


def address(stage: Place) -> str:
    return f"nats://127.0.0.1:{stage.stack['nats_url'].rpartition(':')[2]}"


def held(out: str) -> tuple[Keys, str]:
    return keys_of(shown(out, "总线种子")), shown(out, "HTTP 令牌")


def added(stage: Place, name: str, *more: str) -> tuple[Keys, str]:
    done = stage.type("partner", "add", name, "--publish", f"city.{name}", *more)
    assert (done.returncode, done.stderr) == (0, "")
    return held(done.stdout)


async def says(stage: Place, name: str, keys: Keys, case: str) -> None:
    async with connection(address(stage), name, keys) as client:
        subject = city(name, TYPE, unit="局", key=case)
        ack = await client.jetstream().publish(subject, accepted(name, case))
        assert ack.stream == "CITY"


async def reports(stage: Place, name: str, token: str, case: str) -> int:
    async with httpx.AsyncClient(base_url=stage.stack["console"]) as door:
        answer = await door.post(
            "/events",
            content=accepted(name, case),
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/cloudevents+json",
            },
        )
        return answer.status_code


async def test_a_partner_reports_by_both_doors_as_soon_as_it_is_added(stage: Place) -> None:
    keys, token = added(stage, "oa")
    await says(stage, "oa", keys, "by-bus")
    assert await reports(stage, "oa", token, "by-http") == 202
    async with httpx.AsyncClient(
        base_url=stage.stack["console"],
        headers={"Authorization": f"Bearer {stage.stack['token']}"},
    ) as office:

        async def numbers() -> bool:
            cases = (await office.get("/cases", params={"source": "/city/oa"})).json()["items"]
            return {each["number"] for each in cases} == {"by-bus", "by-http"}

        await until(numbers)


async def test_others_on_the_bus_do_not_notice_that_a_partner_comes_or_goes(stage: Place) -> None:
    earlier, _ = added(stage, "earlier")
    async with connection(address(stage), "earlier", earlier) as client:
        added(stage, "passing")
        assert stage.type("partner", "revoke", "passing").returncode == 0
        subject = city("earlier", TYPE, unit="局", key="k")
        await client.jetstream().publish(subject, accepted("earlier", "k"))
        assert client.is_connected, "it was thrown out"
    assert stage.type("status").returncode == 0


async def test_old_keys_end_with_their_connections_once_there_are_new_ones(stage: Place) -> None:
    old, token = added(stage, "turned")
    closed: list[bool] = []

    async def note() -> None:
        closed.append(True)

    async def ignore(_: Exception) -> None:
        """It is told by being closed."""

    client = await nats.connect(
        address(stage),
        nkeys_seed_str=old.seed,
        allow_reconnect=False,
        closed_cb=note,
        error_cb=ignore,
    )
    done = stage.type("partner", "rotate", "turned")
    assert done.returncode == 0
    new, fresh = held(done.stdout)

    async def is_closed() -> bool:
        return bool(closed)

    await until(is_closed)
    await client.close()
    assert not await is_let_in(address(stage), "turned", old)
    await says(stage, "turned", new, "case")
    assert await reports(stage, "turned", fresh, "case2") == 202

    async def is_refused() -> bool:
        return await reports(stage, "turned", token, "case3") == 401

    await until(is_refused)


async def test_who_was_revoked_is_let_in_by_no_door(stage: Place) -> None:
    keys, token = added(stage, "gone")
    assert await reports(stage, "gone", token, "case") == 202
    assert stage.type("partner", "revoke", "gone").returncode == 0

    async def is_out() -> bool:
        return not await is_let_in(address(stage), "gone", keys)

    await until(is_out)

    async def is_refused() -> bool:
        return await reports(stage, "gone", token, "case") == 401

    await until(is_refused)


async def test_a_partner_hears_what_it_was_granted_and_what_it_missed(stage: Place) -> None:
    done = stage.type(
        *("partner", "add", "hearer", "--subscribe", "organisation.units", "--durable")
    )
    keys, token = held(done.stdout)
    async with connection(address(stage), "hearer", keys) as client:
        mine = await client.jetstream().pull_subscribe_bind("hearer", "ORGANISATION")
        with pytest.raises(TimeoutError):
            await mine.fetch(1, timeout=0.2)
    assert await reports(stage, "hearer", token, "case") == 403


async def test_partners_come_back_with_the_stack(stage: Place) -> None:
    keys, token = added(stage, "stays", "--subscribe", "supervision.all", "--durable")
    gone, _ = added(stage, "left")
    assert stage.type("partner", "revoke", "left").returncode == 0
    assert stage.type("stop").returncode == 0
    late = stage.type("partner", "add", "late", "--publish", "city.late")
    assert late.returncode == 0, late.stderr
    assert stage.up("--background").returncode == 0
    assert await is_let_in(address(stage), "stays", keys)
    assert await is_let_in(address(stage), "late", held(late.stdout)[0]), "added while it stood"
    assert not await is_let_in(address(stage), "left", gone)
    await says(stage, "stays", keys, "after")
    assert await reports(stage, "stays", token, "after2") == 202
    passwords = json.loads((stage.data / "passwords.json").read_text())
    assert not [each for each in passwords if each.startswith("city-")], "partners have no password"
