"""An administrator keeps accounts: what he takes away is gone at once, and all is on record."""

import json

import pytest

from kernel.access.principal import Grant
from kernel.access.rebuild import rebuild
from kernel.store.chain import verify
from kernel.store.store import read
from tests.kernel.reception.house import (
    AUDITOR,
    BETTER,
    KEEPER,
    LEADER,
    OFFICE,
    SQUARE,
    House,
    secret_in,
    sees,
    sign_in,
    until,
)

ACCOUNTS = "/console/accounts"
FORM = {
    "name": "li",
    "title": "李四",
    "role": ["leader", "handler"],
    "units-handler": "税务局 教育局",
}
IDENTITY = {"issuer": "https://sso.city.cn", "subject": "4711"}
OF_ADMINISTRATORS = ("grants", "password", "suspend", "resume", "identity", "no-identity")
TABLES = """
select t::text from (select * from account order by name) t
union all select t::text from (select * from account_grant order by account, role, unit) t
union all select t::text from (select * from password order by account) t
union all select t::text from (select * from token order by id) t
"""


async def test_an_account_is_opened_and_its_password_shown_once(house: House) -> None:
    async with house.signed_in("admin", KEEPER) as keeper, house.browser() as li:
        page = (await keeper.post(ACCOUNTS, data=FORM)).text
        password = secret_in(page)
        assert "领导" in page
        assert "承办人（教育局）、承办人（税务局）" in page
        assert password not in (await keeper.get(f"{ACCOUNTS}/li")).text
        assert (await sign_in(li, "li", password)).headers["location"].endswith("/password")
        form = {"current": password, "new": BETTER, "again": BETTER}
        await li.post("/console/account/password", data=form)
        assert "li leader []" in (await li.get(SQUARE)).text


async def test_who_would_see_nothing_is_told_of_wherever_his_roles_are_shown(house: House) -> None:
    stray = {"name": "wang", "title": "王五", "role": "handler", "units-handler": "税务局 SWJ"}
    async with house.signed_in("admin", KEEPER) as keeper:
        opened = (await keeper.post(ACCOUNTS, data=stray)).text
        listed = (await keeper.get(ACCOUNTS)).text
        shown = (await keeper.get(f"{ACCOUNTS}/wang")).text
        for page in (opened, listed, shown):
            assert "单位名册中没有 SWJ：按此授权，什么也看不到" in page
        await keeper.post(f"{ACCOUNTS}/wang/grants", data={"role": []})
        for place in (ACCOUNTS, f"{ACCOUNTS}/wang"):
            page = (await keeper.get(place)).text
            assert "没有角色：可以登录，但什么也看不到。" in page
            assert "单位名册中没有" not in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "x"}, "名称不能使用"),
        ({"name": "李四"}, "名称不能使用"),
        ({"name": "admin"}, "账号名已被使用"),
        ({"title": " "}, "姓名不能使用"),
        ({"title": "x" * 51}, "姓名不能使用"),
        ({"role": "handler", "units-handler": ""}, "缺少单位"),
        ({"role": "administrator", "units-administrator": "税务局"}, "角色不分单位"),
        ({"role": "publisher"}, "缺少角色"),
    ],
)
async def test_an_account_that_makes_no_sense_is_told_on_the_form_and_not_opened(
    house: House, changed: dict[str, str], words: str
) -> None:
    async with house.signed_in("admin", KEEPER) as keeper:
        before = len(await house.events())
        answer = await keeper.post(ACCOUNTS, data=FORM | changed)
        assert (answer.status_code, words in answer.text) == (422, True)
    assert len(await house.events()) == before


@pytest.mark.parametrize("grants", [(OFFICE,), (LEADER,), (AUDITOR,), ()])
async def test_nobody_else_keeps_accounts_or_tokens(house: House, grants: tuple[Grant]) -> None:
    async with house.signed_in("zhang", *grants) as browser:
        for path in (ACCOUNTS, f"{ACCOUNTS}/zhang", "/console/tokens"):
            assert (await browser.get(path)).status_code == 403
        for path in (
            ACCOUNTS,
            "/console/tokens",
            "/console/tokens/x/revoke",
            *(f"{ACCOUNTS}/zhang/{action}" for action in OF_ADMINISTRATORS),
        ):
            assert (await browser.post(path, data=FORM)).status_code == 403, path


@pytest.mark.parametrize("action", ["suspend", "password", "grants", "identity", "no-identity"])
async def test_what_is_taken_from_somebody_ends_his_sessions_everywhere(
    house: House, branch: House, action: str
) -> None:
    async with (
        house.signed_in("admin", KEEPER) as keeper,
        house.signed_in("zhang", LEADER) as zhang,
        branch.browser() as there,
    ):
        await sign_in(there, "zhang")
        assert [await sees(zhang), await sees(there)] == [200, 200]
        if action == "no-identity":
            await keeper.post(f"{ACCOUNTS}/zhang/identity", data=IDENTITY)
            await sign_in(zhang, "zhang")
            await sign_in(there, "zhang")
        form = {"role": "reception"} | IDENTITY
        answer = await keeper.post(f"{ACCOUNTS}/zhang/{action}", data=form)
        assert answer.status_code in {200, 303}
        assert await sees(zhang) == 303, "in the same process, not even a moment later"

        async def is_out() -> bool:
            return await sees(there) == 303

        await until(is_out, 3)


async def test_who_is_suspended_comes_in_no_more_until_he_is_resumed(house: House) -> None:
    await house.official("zhang", LEADER)
    async with house.signed_in("admin", KEEPER) as keeper, house.browser() as zhang:
        await keeper.post(f"{ACCOUNTS}/zhang/suspend")
        answer = await sign_in(zhang, "zhang")
        assert (answer.status_code, "账号或者口令不对" in answer.text) == (403, True)
        assert "已停用" in (await keeper.get(ACCOUNTS)).text
        await keeper.post(f"{ACCOUNTS}/zhang/resume")
        assert (await sign_in(zhang, "zhang")).status_code == 303


async def test_other_roles_show_another_part_of_the_city(house: House) -> None:
    await house.official("zhang", LEADER)
    async with house.signed_in("admin", KEEPER) as keeper, house.browser() as zhang:
        await keeper.post(
            f"{ACCOUNTS}/zhang/grants", data={"role": "handler", "units-handler": "税务局"}
        )
        await sign_in(zhang, "zhang")
        assert "zhang handler [&#39;税务局&#39;]" in (await zhang.get(SQUARE)).text
        await keeper.post(f"{ACCOUNTS}/zhang/grants", data={})
        await sign_in(zhang, "zhang")
        assert (await zhang.get(SQUARE)).status_code == 403


async def test_an_administrator_cannot_shut_himself_out(house: House) -> None:
    async with house.signed_in("admin", KEEPER) as keeper:
        for action, form in (("suspend", {}), ("grants", {"role": "leader"})):
            answer = await keeper.post(f"{ACCOUNTS}/admin/{action}", data=form)
            assert (answer.status_code, "不能变更本人的账号" in answer.text) == (422, True)
        assert (await keeper.get(ACCOUNTS)).status_code == 200


async def test_an_account_that_is_not_there_is_not_found(house: House) -> None:
    async with house.signed_in("admin", KEEPER) as keeper:
        for name in ("nobody", "%00", "..%2f..%2fetc", "x" * 500):
            assert (await keeper.get(f"{ACCOUNTS}/{name}")).status_code in {400, 404}
            for action in ("password", "suspend"):
                path = f"{ACCOUNTS}/{name}/{action}"
                assert (await keeper.post(path)).status_code in {400, 404}, path


async def test_the_record_says_who_did_what_in_which_role(house: House) -> None:
    async with house.signed_in("admin", KEEPER) as keeper:
        before = len(await house.events())
        await keeper.post(ACCOUNTS, data=FORM)
        await keeper.post(f"{ACCOUNTS}/li/grants", data={"role": "leader"})
        await keeper.post(f"{ACCOUNTS}/li/suspend")
    told = (await house.events())[before:]
    assert [each.type for each in told] == [
        "AccountOpened",
        "PasswordSet",
        "RoleWithdrawn",
        "RoleWithdrawn",
        "Suspended",
    ]
    assert {json.loads(each.metadata)["by"] for each in told} == {"admin"}
    assert {json.loads(each.metadata)["role"] for each in told} == {"administrator"}


async def test_the_tables_can_be_made_anew_from_a_record_that_is_whole(house: House) -> None:
    async with house.signed_in("admin", KEEPER) as keeper:
        await keeper.post(ACCOUNTS, data=FORM)
        await keeper.post(f"{ACCOUNTS}/li/grants", data={"role": "leader"})
        await keeper.post(f"{ACCOUNTS}/li/identity", data=IDENTITY)
        await keeper.post(f"{ACCOUNTS}/li/suspend")
    async with house.record() as record:
        before = await record.fetch(TABLES)
        await record.execute("update account set is_suspended = false, title = 'forged'")
        await record.execute("delete from account_grant")
        await rebuild(record)
        assert await record.fetch(TABLES) == before
        assert await verify(read(record), []) == []
    async with house.browser() as admin:
        assert (await sign_in(admin, "admin")).status_code == 303, "passwords stay"


async def test_an_identity_is_of_one_account_only(house: House) -> None:
    await house.official("zhang", LEADER)
    await house.official("zhao", LEADER)
    async with house.signed_in("admin", KEEPER) as keeper:
        assert (await keeper.post(f"{ACCOUNTS}/zhang/identity", data=IDENTITY)).status_code == 303
        again = await keeper.post(f"{ACCOUNTS}/zhao/identity", data=IDENTITY)
        assert (again.status_code, "身份已被使用" in again.text) == (422, True)
        empty = await keeper.post(f"{ACCOUNTS}/zhao/identity", data=IDENTITY | {"subject": ""})
        assert (empty.status_code, "外部身份不完整" in empty.text) == (422, True)


async def test_an_identity_is_taken_back_and_then_free_for_another(house: House) -> None:
    await house.official("zhang", LEADER)
    await house.official("zhao", LEADER)
    async with house.signed_in("admin", KEEPER) as keeper:
        await keeper.post(f"{ACCOUNTS}/zhang/identity", data=IDENTITY)
        assert "解除对应" in (await keeper.get(f"{ACCOUNTS}/zhang")).text
        assert (await keeper.post(f"{ACCOUNTS}/zhang/no-identity")).status_code == 303
        last = (await house.events())[-1]
        assert (last.type, "4711" in last.data) == ("IdentityUnlinked", True)
        assert "解除对应" not in (await keeper.get(f"{ACCOUNTS}/zhang")).text
        again = await keeper.post(f"{ACCOUNTS}/zhang/no-identity")
        assert (again.status_code, "没有对应的身份" in again.text) == (422, True)
        assert (await keeper.post(f"{ACCOUNTS}/zhao/identity", data=IDENTITY)).status_code == 303


async def test_names_are_shown_and_never_run(house: House) -> None:
    async with house.signed_in("admin", KEEPER) as keeper:
        title = "<img src=x onerror=alert(1)>"
        for path, form in (
            (ACCOUNTS, FORM | {"title": title}),
            (ACCOUNTS, FORM | {"title": title, "name": title}),
            ("/console/tokens", {"name": title, "days": "1", "role": "leader"}),
            ("/console/tokens", {"name": title, "days": title, "source": title}),
        ):
            text = (await keeper.post(path, data=form)).text
            assert "<img" not in text
        assert (
            "<img"
            not in (await keeper.get(ACCOUNTS)).text + (await keeper.get("/console/tokens")).text
        )
