"""Programs come in by tokens that an administrator issues, sees used, and revokes."""

import asyncpg
import pytest

from kernel.access.partner import AddPartner, RevokePartner, Terms
from kernel.access.partners import carry_out
from kernel.access.principal import by_hand
from kernel.access.tenancy import TENANCY
from tests.kernel.reception.house import KEEPER, SQUARE, House, secret_in, until

TOKENS = "/console/tokens"
FORM = {"name": "大屏", "role": "leader", "days": "30"}


async def status(house: House, token: str) -> int:
    async with house.program(token) as program:
        return (await program.get(SQUARE)).status_code


async def test_a_token_is_shown_once_and_opens_what_its_role_may(house: House) -> None:
    async with house.signed_in("admin", KEEPER) as keeper:
        token = secret_in((await keeper.post(TOKENS, data=FORM)).text)
        page = (await keeper.get(TOKENS)).text
        assert token not in page
        assert "未使用" in page
        assert await status(house, token) == 200
        assert "未使用" not in (await keeper.get(TOKENS)).text


async def test_a_revoked_token_opens_nothing_at_once_and_soon_nowhere(
    house: House, branch: House
) -> None:
    async with house.signed_in("admin", KEEPER) as keeper:
        page = (await keeper.post(TOKENS, data=FORM)).text
        token = secret_in(page)
        assert [await status(house, token), await status(branch, token)] == [200, 200]
        id_ = page.split("/console/tokens/")[1].split("/")[0]
        assert (await keeper.post(f"{TOKENS}/{id_}/revoke")).status_code == 303
        assert await status(house, token) == 401

        async def is_out() -> bool:
            return await status(branch, token) == 401

        await until(is_out, 3)
        assert "已停用" in (await keeper.get(TOKENS)).text


async def test_a_token_ends_on_its_day(house: House, branch: House) -> None:
    async with house.signed_in("admin", KEEPER) as keeper:
        token = secret_in((await keeper.post(TOKENS, data=FORM)).text)
    house.clock.passes(days=29, hours=23)
    assert await status(house, token) == 200
    house.clock.passes(hours=1)
    assert await status(branch, token) == 401


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "名称不能使用"),
        ({"role": "publisher"}, "缺少报送来源"),
        ({"role": "handler"}, "缺少单位"),
        ({"role": "administrator"}, "缺少角色"),
        ({"role": ""}, "缺少角色"),
        ({"days": "0"}, "有效期不能使用"),
        ({"days": "-1"}, "有效期不能使用"),
        ({"days": "３"}, "有效期不能使用"),
        ({"days": "99999999999"}, "有效期不能使用"),
        ({"name": "admin"}, "名称已被使用"),
    ],
)
async def test_a_token_that_makes_no_sense_is_told_on_the_form_and_not_issued(
    house: House, changed: dict[str, str], words: str
) -> None:
    async with house.signed_in("admin", KEEPER) as keeper:
        answer = await keeper.post(TOKENS, data=FORM | changed)
        assert (answer.status_code, words in answer.text) == (422, True)
        assert "还没有访问令牌" in (await keeper.get(TOKENS)).text


async def test_a_token_that_nobody_issued_cannot_be_revoked(house: House) -> None:
    async with house.signed_in("admin", KEEPER) as keeper:
        answer = await keeper.post(f"{TOKENS}/nothing/revoke")
        assert (answer.status_code, "没有此令牌" in answer.text) == (422, True)


async def test_no_token_is_issued_under_what_a_partner_is_known_by_even_once_it_is_revoked(
    house: House,
) -> None:
    terms = Terms(source="/wuhu/oa")
    connection = await asyncpg.connect(house.url, server_settings={"search_path": TENANCY.name})
    async with house.signed_in("admin", KEEPER) as keeper:
        for command in (AddPartner(name="oa", terms=terms, nkey=None), RevokePartner(name="oa")):
            await carry_out(connection, "oa", command, now=house.clock.now, by=by_hand("test"))
            for changed, words in (
                ({"name": "oa"}, "名称属于伙伴系统"),
                ({"role": "publisher", "source": "/wuhu/oa"}, "来源属于伙伴系统"),
            ):
                answer = await keeper.post(TOKENS, data=FORM | changed)
                assert (answer.status_code, words in answer.text) == (422, True)
    await connection.close()


async def test_subscriptions_are_agreed_with_partners_and_not_issued_here(house: House) -> None:
    async with house.signed_in("admin", KEEPER) as keeper:
        assert "“订阅”不在这里发放" in (await keeper.get(TOKENS)).text
        answer = await keeper.post(TOKENS, data=FORM | {"role": "subscriber"})
        assert (answer.status_code, "缺少角色" in answer.text) == (422, True)


async def test_a_token_for_a_unit_that_nobody_registered_is_issued_and_told_of(
    house: House,
) -> None:
    form = FORM | {"role": "handler", "units-handler": "SWJ"}
    async with house.signed_in("admin", KEEPER) as keeper:
        issued = (await keeper.post(TOKENS, data=form)).text
        assert secret_in(issued)
        assert "单位名册中没有 SWJ：按此授权，什么也看不到" in issued
        assert "单位名册中没有 SWJ" in (await keeper.get(TOKENS)).text
