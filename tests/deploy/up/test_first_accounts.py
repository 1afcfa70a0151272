"""A first start opens accounts and tells their passwords once; afterwards nobody can read them."""

import json
import re

import httpx

from tests.deploy.typed import Place

PASSWORD = re.compile(
    r"^ +(?:账号 +)?([a-z]+)  ([a-z2-9]{5}(?:-[a-z2-9]{5}){3})  (\S+)", re.MULTILINE
)


def told(said: str) -> dict[str, tuple[str, str]]:
    return {name: (password, role) for name, password, role in PASSWORD.findall(said)}


def kept(here: Place) -> str:
    files = [each for each in here.data.rglob("*") if each.suffix in {".log", ".json", ".jsonl"}]
    return "\n".join(each.read_text(errors="replace") for each in files)


def sign_in(here: Place, name: str, password: str) -> httpx.Response:
    base = f"http://127.0.0.1:{here.port}"
    form = {"account": name, "password": password}
    return httpx.post(f"{base}/sign-in", data=form, headers={"Origin": base})


def test_the_first_passwords_are_told_once_and_lead_to_changing_them(here: Place) -> None:
    started = here.up("--background")
    first = told(started.stdout)
    assert {name: role for name, (_, role) in first.items()} == {
        "admin": "管理员",
        "operator": "效能办",
    }
    for name, (password, _) in first.items():
        assert password not in kept(here), "it can be read where it was told to nobody"
        answer = sign_in(here, name, password)
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            "/console/account/password",
        )
    assert told(here.up("--background").stdout) == {}, "who looks twice is told twice"
    here.type("stop")
    here.started()
    assert told(here.said) == {}
    assert "xiaoneng account reset NAME" in here.said
    assert sign_in(here, "admin", first["admin"][0]).status_code == 303


def test_a_demonstration_has_an_account_of_each_role(here: Place) -> None:
    here.started("--demo")
    assert set(told(here.said)) == {
        *("admin", "operator"),
        *("reception", "handler", "discipline", "review", "leader", "auditor"),
    }
    assert told(here.said)["handler"][1].startswith("承办人（WH-")


def test_the_token_of_a_stack_is_another_one_at_every_start(here: Place) -> None:
    here.up("--background")
    old = here.stack["token"]
    here.type("stop")
    here.up("--background")
    new, url = here.stack["token"], f"{here.stack['console']}/units"
    answers = [
        httpx.get(url, headers={"Authorization": f"Bearer {token}"}).status_code
        for token in (old, new)
    ]
    assert answers == [401, 200]


def test_accounts_are_opened_reset_and_listed_from_the_command_line(here: Place) -> None:
    here.up("--background")
    opened = here.type(
        "account", "add", "wang", "--title", "王五", "--role", "承办人", "--unit", "A1"
    )
    assert (opened.returncode, "王五（wang），角色：承办人（A1）" in opened.stdout) == (0, True)
    assert "单位名册中没有 A1：按此授权，什么也看不到" in opened.stdout
    password = re.search(r"口令  (\S+)", opened.stdout)
    assert password is not None
    assert sign_in(here, "wang", password[1]).status_code == 303
    reset = here.type("account", "reset", "wang")
    again = re.search(r"口令  (\S+)", reset.stdout)
    assert again is not None
    assert sign_in(here, "wang", password[1]).status_code == 403
    assert sign_in(here, "wang", again[1]).status_code == 303
    listed = json.loads(here.type("account", "list", "--json").stdout)
    assert [each["name"] for each in listed] == ["admin", "operator", "wang"]
    told = here.type("account", "list").stdout
    assert re.search("王五  承办人（A1）  须修改口令.*\n    单位名册中没有 A1：", told)
    for arguments, code in (
        (("add", "wang", "--role", "效能办"), "account-exists"),
        (("add", "li", "--role", "承办人"), "unit-needed"),
        (("add", "li", "--role", "管理员", "--unit", "A1"), "unit-useless"),
        (("add", "li"), "no-role"),
        (("add", "李四", "--role", "领导"), "name-unusable"),
        (("reset", "nobody"), "account-unknown"),
        (("reset",), "usage"),
        (("list", "wang"), "usage"),
        (("add", "li", "--role", "市长"), "usage"),
    ):
        refused = here.type("account", *arguments)
        assert (refused.returncode, f"xiaoneng：{code}：" in refused.stderr) == (2, True), arguments
    assert len(json.loads(here.type("account", "list", "--json").stdout)) == 3
