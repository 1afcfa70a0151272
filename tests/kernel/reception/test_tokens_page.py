"""Programs come in by tokens that an administrator issues, sees used, and revokes."""

import pytest

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
