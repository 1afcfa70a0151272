"""What an operator types, and what comes back."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from deploy.command import main
from services.evaluation.tenancy import TENANCY as EVALUATION
from tests.deploy.conftest import PASSWORDS, House
from tests.deploy.record import close_units

Xiaoneng = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
def xiaoneng(
    house: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Xiaoneng:
    """Return the command, as it works on the servers of the house."""
    monkeypatch.setenv("XIAONENG_POSTGRES_URL", house.postgres_url)
    monkeypatch.setenv("XIAONENG_NATS_URL", house.nats_url)
    monkeypatch.setenv("XIAONENG_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("XIAONENG_HEADS", raising=False)
    for name, password in PASSWORDS.items():
        monkeypatch.setenv(f"XIAONENG_{name.upper()}_PASSWORD", password)

    async def run(*arguments: str) -> tuple[int, str, str]:
        code = await asyncio.to_thread(main, arguments)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


async def test_checking_shows_what_differs_until_it_is_provisioned(xiaoneng: Xiaoneng) -> None:
    code, out, _ = await xiaoneng("provision", "--check")
    assert (code, "schema-missing  evaluation" in out) == (1, True)
    code, out, _ = await xiaoneng("provision")
    assert (code, "已改正  schema-missing  evaluation" in out) == (0, True)
    assert await xiaoneng("provision") == (0, "一切如所应有，没有改动。\n", "")
    code, out, _ = await xiaoneng("provision", "--check", "--json")
    assert (code, json.loads(out)) == (0, {"applied": [], "left": []})


async def test_what_can_not_be_mended_is_listed(xiaoneng: Xiaoneng, provisioned: House) -> None:
    await provisioned.execute("update evaluation.migration set digest = ''")
    code, out, err = await xiaoneng("provision")
    assert (code, out) == (2, "")
    assert "provision-blocked" in err
    assert "migration-drift  evaluation" in err


async def test_a_user_that_the_bus_does_not_know_is_shown(
    xiaoneng: Xiaoneng, monkeypatch: pytest.MonkeyPatch
) -> None:
    await xiaoneng("provision")
    monkeypatch.setenv("XIAONENG_EVALUATION_PASSWORD", "another-password")
    code, out, _ = await xiaoneng("provision")
    assert (code, "待处理  nats-user  evaluation" in out) == (1, True)


async def test_the_users_of_a_bus_of_others_are_printed(xiaoneng: Xiaoneng) -> None:
    code, out, _ = await xiaoneng("provision", "--nats-config")
    told = json.loads(out)["accounts"]["XIAONENG"]["users"]
    users = {each["user"]: each for each in told}
    assert code == 0
    assert users["evaluation"]["password"] == PASSWORDS["evaluation"]
    assert "xiaoneng.organisation.>" in users["evaluation"]["permissions"]["publish"]["allow"]


async def test_verify_tells_a_clean_record_from_one_that_was_altered(
    xiaoneng: Xiaoneng, provisioned: House, tmp_path: Path
) -> None:
    async with provisioned.database(EVALUATION) as record:
        await close_units(record, 4)
    code, out, _ = await xiaoneng("verify")
    assert code == 0
    assert "evaluation：完好，4 条事件，4 条发布。" in out
    assert (tmp_path / "data" / "heads" / "evaluation.jsonl").exists()
    await provisioned.execute("update evaluation.event set data = '{}' where position = 3")
    code, out, _ = await xiaoneng("verify", "--service", "evaluation")
    assert (code, out) == (1, "evaluation：不完好，共 1 处。\n  第 3 条事件被改动。\n")
    code, out, _ = await xiaoneng("verify", "--json")
    assert code == 1
    assert json.loads(out)[1]["breaks"] == [{"position": 3, "what": "altered"}]


async def test_verify_says_so_when_the_heads_themselves_were_damaged(
    xiaoneng: Xiaoneng, provisioned: House, tmp_path: Path
) -> None:
    async with provisioned.database(EVALUATION) as record:
        await close_units(record, 1)
    await xiaoneng("verify")
    (tmp_path / "data" / "heads" / "evaluation.jsonl").write_text("x\n")
    code, out, _ = await xiaoneng("verify")
    assert (code, "evaluation.jsonl:1" in out) == (1, True)


async def test_a_backup_comes_back_and_an_older_one_is_named(
    xiaoneng: Xiaoneng, provisioned: House, tmp_path: Path
) -> None:
    async with provisioned.database(EVALUATION) as record:
        await close_units(record, 3)
        code, out, _ = await xiaoneng("backup", str(tmp_path / "b"))
        assert (code, "evaluation：3 条事件，3 条发布。" in out) == (0, True)
        await close_units(record, 1, prefix="later")
    code, _, err = await xiaoneng("restore", str(tmp_path / "b"))
    assert (code, "target-not-empty" in err) == (2, True)
    code, out, _ = await xiaoneng("restore", str(tmp_path / "b"), "--replace")
    assert (code, "已知记录曾到第 4 条" in out) == (0, True)
    assert (await xiaoneng("verify"))[0] == 0


async def test_an_epoch_is_opened_only_while_the_service_rests(
    xiaoneng: Xiaoneng, provisioned: House
) -> None:
    lease = "insert into evaluation.lease values ('relay', 'me', 1, now() + interval '1 hour')"
    await provisioned.execute(lease)
    code, _, err = await xiaoneng("epoch", "open", "evaluation")
    assert (code, "service-running" in err) == (2, True)
    await provisioned.execute("delete from evaluation.lease")
    code, out, _ = await xiaoneng("epoch", "open", "evaluation")
    assert (code, "第 2 纪元" in out) == (0, True)


@pytest.mark.parametrize("command", ["verify", "epoch open evaluation", "backup DIR"])
async def test_a_database_without_records_is_refused(
    xiaoneng: Xiaoneng, tmp_path: Path, command: str
) -> None:
    words = command.replace("DIR", str(tmp_path / "b")).split()
    code, _, err = await xiaoneng(*words)
    assert (code, "not-provisioned" in err) == (2, True)


async def test_a_schema_that_is_missing_beside_others_of_this_version_is_refused(
    xiaoneng: Xiaoneng, provisioned: House
) -> None:
    await provisioned.execute("drop schema access cascade")
    code, out, err = await xiaoneng("verify")
    assert (code, out, "not-provisioned：库中没有 access 的记录" in err) == (2, "", True)


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("XIAONENG_POSTGRES_URL", "postgresql://a:b@127.0.0.1:1/x", "postgres-unreachable"),
        ("XIAONENG_POSTGRES_URL", "nonsense", "postgres-unreachable"),
        ("XIAONENG_NATS_URL", "nats://a:b@127.0.0.1:1", "nats-unreachable"),
        ("XIAONENG_NATS_REPLICAS", "2", "setting-unusable"),
        ("XIAONENG_EVALUATION_PASSWORD", "短口令", "password-unusable"),
        ("XIAONENG_EVALUATION_PASSWORD", "with space and @", "password-unusable"),
    ],
)
async def test_what_can_not_be_used_is_named(
    xiaoneng: Xiaoneng, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, code: str
) -> None:
    monkeypatch.setenv(variable, value)
    exit_code, out, err = await xiaoneng("provision")
    assert (exit_code, out) == (2, "")
    assert err.startswith(f"xiaoneng：{code}：")


async def test_a_wrong_password_of_the_administrator_is_named(
    xiaoneng: Xiaoneng, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = house.postgres_url.rpartition("@")[2]
    monkeypatch.setenv("XIAONENG_POSTGRES_URL", f"postgresql://postgres:wrong@{host}")
    code, _, err = await xiaoneng("verify")
    assert (code, err.split("：")[1], "wrong" in err) == (2, "postgres-refused", False)
