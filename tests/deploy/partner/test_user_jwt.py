"""On a NATS of others, in operator mode, a JWT signed by the account's key grants the very same."""

import json
import signal
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nats.errors
import nkeys
import pytest
from nats.aio.client import Client

from contracts.subjects import city
from deploy.local.nats import bundled
from deploy.partner.keys import Keys, fresh_keys
from deploy.partner.user_jwt import credentials, signed, user_jwt
from deploy.provision.partner_users import inbox_of, user_of
from deploy.refusal import RefusedError
from kernel.access.partner import Terms
from tests.waiting import until

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
OA = Terms(source="/wuhu/oa", subscribes=("supervision.alerts",), units=("WHZJW",))
MINE = "xiaoneng.supervision.deadline-breached.v1.WHZJW.k"
ANOTHERS = "xiaoneng.supervision.deadline-breached.v1.WHGAJ.k"
ALL = {"subs": -1, "conn": -1, "leaf": -1, "imports": -1, "exports": -1, "data": -1, "payload": -1}
STORED = {"mem_storage": -1, "disk_storage": -1, "streams": -1, "consumer": -1}
OPERATOR = fresh_keys(nkeys.PREFIX_BYTE_OPERATOR)
CITY = fresh_keys(nkeys.PREFIX_BYTE_ACCOUNT)
SYSTEM = fresh_keys(nkeys.PREFIX_BYTE_ACCOUNT)


def claims(of: Keys, name: str, **nats: object) -> Mapping[str, Any]:
    told = {"iat": int(MONDAY.timestamp()), "iss": OPERATOR.public, "sub": of.public, "name": name}
    return {**told, "nats": {"version": 2, **nats}}


def account(of: Keys, name: str) -> str:
    limits = {**ALL, **({} if of is SYSTEM else STORED), "wildcards": True}
    return signed(claims(of, name, type="account", limits=limits), OPERATOR.seed)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a server that knows its accounts by what their operator has signed."""
    folder: Path = tmp_path_factory.mktemp("operated")
    operator = claims(OPERATOR, "city", type="operator", system_account=SYSTEM.public)
    config = {
        "host": "127.0.0.1",
        "port": -1,
        "ports_file_dir": str(folder),
        "jetstream": {"store_dir": str(folder / "jetstream")},
        "operator": signed(operator, OPERATOR.seed),
        "system_account": SYSTEM.public,
        "resolver": "MEMORY",
        "resolver_preload": {
            CITY.public: account(CITY, "city"),
            SYSTEM.public: account(SYSTEM, "system"),
        },
    }
    (folder / "nats.conf").write_text(json.dumps(config))
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [bundled(), "--config", folder / "nats.conf"], stdout=log, stderr=log
        )
    try:
        ports = folder / f"nats-server_{running.pid}.ports"
        while not ports.exists() or not ports.read_text():
            assert running.poll() is None, (folder / "log").read_text()
        yield json.loads(ports.read_text())["nats"][0]
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=30)


def creds(folder: Path, name: str, keys: Keys, terms: Terms, seed: str = CITY.seed) -> str:
    jwt = user_jwt(user_of(name, terms, keys.public), seed, MONDAY)
    file = folder / f"{name}.creds"
    file.write_text(credentials(jwt, keys.seed))
    return str(file)


async def test_a_jwt_lets_a_partner_do_what_it_was_granted_and_nothing_else(
    server: str, tmp_path: Path
) -> None:
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error))

    client = await nats.connect(
        server,
        user_credentials=creds(tmp_path, "oa", fresh_keys(), OA),
        inbox_prefix=inbox_of("oa"),
        error_cb=note,
    )
    await client.subscribe("xiaoneng.supervision.deadline-breached.*.WHZJW.>")
    await client.publish(city("oa", "xiaoneng.approvals.case-accepted.v1", unit="u", key="k"), b"")
    for number, subject in enumerate((ANOTHERS, "$JS.API.INFO", "city.hall.x", "_INBOX_hall.x"), 1):
        await client.publish(subject, b"")
        await client.flush()

        async def is_told(number: int = number) -> bool:
            return len(refused) == number

        await until(is_told)
    for number, subject in enumerate((ANOTHERS, "xiaoneng.>", "_INBOX.>", "city.oa.>"), 5):
        await client.subscribe(subject)
        await client.flush()

        async def is_told_too(number: int = number) -> bool:
            return len(refused) == number

        await until(is_told_too)
    await client.close()
    told = " ".join(refused).lower()
    assert "whzjw" not in told, "what was granted is refused"
    assert "city.oa.approvals" not in told, "what was granted is refused"


async def test_a_jwt_of_another_account_key_lets_nobody_in(server: str, tmp_path: Path) -> None:
    stranger = fresh_keys(nkeys.PREFIX_BYTE_ACCOUNT)
    file = creds(tmp_path, "oa", fresh_keys(), OA, stranger.seed)
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error).lower())

    client = Client()
    with pytest.raises(nats.errors.Error):
        await client.connect(
            server,
            user_credentials=file,
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            error_cb=note,
        )
    await client.close()
    assert "authorization violation" in refused[0]


@pytest.mark.parametrize(
    "seed",
    ["", "SA", "口令", fresh_keys().seed, OPERATOR.public],
    ids=["nothing", "a beginning", "a word", "a user's", "a public key"],
)
def test_what_is_no_seed_of_an_account_signs_nothing(seed: str) -> None:
    with pytest.raises(RefusedError) as refused:
        user_jwt(user_of("oa", OA, fresh_keys().public), seed, MONDAY)
    assert refused.value.code == "account-seed-unusable"
