"""The pages of the registers, asked as a browser without scripts does."""

import html
import re
from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote

import httpx
import pytest

from deploy.local.postgres import Postgres
from services.electronic_supervision.pages.registers.fields import FIELDS
from services.electronic_supervision.registers.acts import ACTS
from tests.console import register_town, registers_town
from tests.electronic_supervision.domain.registers.city import DEPOT, MILL, YARD
from tests.electronic_supervision.registers.papers import city

ROOT = "/console/registers"
CARD = f"{ROOT}/green-card/{YARD}"
APPROVAL = f"{ROOT}/inspection-approval/{quote('芜优检〔2012〕7号')}"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with register_town.database() as running:
        yield running


@pytest.fixture
async def address(server: Postgres) -> AsyncIterator[str]:
    async with registers_town.registers(server) as address:
        yield address


@pytest.fixture
async def keeper(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with register_town.client(address) as client:
        yield client


@pytest.fixture
async def leader(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with register_town.client(address, "leader") as client:
        yield client


def words(page: httpx.Response) -> str:
    """Return what people read of a page."""
    text = re.sub(r"<[^>]*>", " ", page.text)
    return re.sub(r"\s+", " ", html.unescape(text))


async def seen(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return words(answer)


async def test_each_kind_has_its_tab_and_its_list(leader: httpx.AsyncClient) -> None:
    for kind, part in (
        ("green-card", "芜湖造船厂 913402001494435763 已暂停"),
        ("inspection-approval", "安全生产检查 芜优检〔2012〕7号 芜湖市安全生产监督管理局 已到期"),
        ("inspection-quota", "芜湖市安全生产监督管理局 2012-WHAJJ 有效"),
        ("service-chain", "工业项目 ZS 有效"),
        ("discretion-band", "无证经营 AY01 有效"),
    ):
        assert part in await seen(leader, f"{ROOT}?kind={kind}")
    assert (await leader.get(f"{ROOT}?kind=none")).status_code == 404


async def test_the_list_is_filtered_by_words_state_and_day(leader: httpx.AsyncClient) -> None:
    assert "芜湖纺织厂" not in await seen(leader, f"{ROOT}?q=造船")
    assert "芜湖纺织厂" not in await seen(leader, f"{ROOT}?state=suspended")
    assert "没有符合条件的绿卡企业" in await seen(leader, f"{ROOT}?state=suspended&on=2012-05-31")
    assert (await leader.get(f"{ROOT}?on=")).status_code == 200
    assert (await leader.get(f"{ROOT}?on=never")).status_code == 422


async def test_an_entry_tells_what_is_so_and_what_happened(leader: httpx.AsyncClient) -> None:
    told = await seen(leader, CARD)
    assert "芜湖造船厂 已暂停" in told
    assert "自 2012-06-01 起" in told
    assert "原因：欠缴税款" in told
    assert "王效能（效能办）于 2012-07-02 09:00 登记" in told
    assert "芜湖造船厂 有效" in await seen(leader, f"{CARD}?on=2012-05-31")
    chain = await seen(leader, f"{ROOT}/service-chain/ZS")
    assert "2 注册登记 芜湖市工商行政管理局 3个工作日" in chain
    assert "严重 拒不改正 10000 元 50000.50 元" in await seen(
        leader, f"{ROOT}/discretion-band/AY01"
    )
    quota = await seen(leader, f"{ROOT}/inspection-quota/2012-WHAJJ")
    assert f"{YARD} 4 次 重大危险源" in quota
    assert f"{YARD}、{MILL}" in await seen(leader, APPROVAL)
    assert (await leader.get(f"{ROOT}/green-card/{DEPOT}")).status_code == 404
    assert (await leader.get(f"{ROOT}/none/x")).status_code == 404


async def test_who_only_reads_is_offered_nothing_to_change(leader: httpx.AsyncClient) -> None:
    for path in (ROOT, CARD):
        told = await seen(leader, path)
        assert "发给绿卡 导入" not in told
        assert "收回绿卡" not in told
    assert (await leader.get(f"{ROOT}/act/grant")).status_code == 403
    assert (await leader.get(f"{ROOT}/import")).status_code == 403


async def test_a_form_is_carried_out_and_its_entry_shown(keeper: httpx.AsyncClient) -> None:
    filled = {
        "entry": "ZS2",
        "name": "服务业项目",
        "stages": "1 | 签约 | WHZSJ\n2｜注册登记｜WHSGJ｜24小时",
        "effective_from": "2012-07-01",
    }
    answer = await keeper.post(f"{ROOT}/act/publish-chain", data=filled)
    assert answer.status_code == 303, words(answer)
    told = await seen(keeper, answer.headers["location"])
    assert "已办理：设立全程服务链。" in told
    assert "2 注册登记 芜湖市工商行政管理局 24小时" in told


async def test_a_revision_begins_with_what_is_so(keeper: httpx.AsyncClient) -> None:
    told = (await keeper.get(f"{ROOT}/act/revise-bands?entry=AY01")).text
    assert "轻微 | 初次且及时改正 | 0 | 10000\n严重 | 拒不改正 | 10000 | 50000.50" in told
    chain = (await keeper.get(f"{ROOT}/act/revise-chain?entry=ZS")).text
    assert "1 | 签约 | WHZSJ\n2 | 注册登记 | WHSGJ | 3个工作日" in chain
    approval = (await keeper.get(f"{ROOT}/act/correct?entry={quote('芜优检〔2012〕7号')}")).text
    assert f"{YARD}\n{MILL}" in approval


@pytest.mark.parametrize(
    ("slug", "filled", "part", "wrong"),
    [
        (
            "grant",
            {
                "entry": f"{MILL[:-1]}M",
                "name": "x",
                "effective_from": "2012-01-01",
                "last_day": "2012-12-31",
            },
            "统一社会信用代码有误",
            "entry",
        ),
        ("suspend", {"entry": MILL, "effective_from": "2012-07-01"}, "原因：必须填写。", "reason"),
        (
            "revise-chain",
            {"entry": "ZS", "name": "x", "stages": "1|a|b|三天", "effective_from": "2012-07-01"},
            "环节：第 1 行的写法不符合要求。",
            "stages",
        ),
        (
            "revise-chain",
            {"entry": "ZS", "name": "x", "stages": "1|a|b\n1|a|b", "effective_from": "2012-07-01"},
            "环节重复",
            "stages",
        ),
        (
            "revise-bands",
            {
                "entry": "AY01",
                "name": "x",
                "clause": "y",
                "grades": "1|a|5|4",
                "effective_from": "2012-07-01",
            },
            "罚款上下限颠倒",
            "grades",
        ),
        ("set-quota", {"entry": "WHAJJ", "times": "1"}, "编号有误", "entry"),
    ],
)
async def test_a_refused_form_says_why_and_keeps_what_was_filled_in(
    keeper: httpx.AsyncClient, slug: str, filled: dict[str, str], part: str, wrong: str
) -> None:
    answer = await keeper.post(f"{ROOT}/act/{slug}", data=filled)
    assert answer.status_code in {404, 409, 422}
    assert part in words(answer)
    for value in filled.values():
        assert html.escape(value, quote=False) in answer.text
    if f'id="{wrong}"' in answer.text:
        assert re.search(rf'id="{wrong}"[^>]*aria-invalid="true"', answer.text)


async def test_every_act_has_a_form_that_asks_for_all_that_it_needs(
    keeper: httpx.AsyncClient,
) -> None:
    assert ACTS.keys() == FIELDS.keys()
    for slug, act in ACTS.items():
        asked = {field.name for field in FIELDS[slug]}
        needed = {name for name, info in act.form.model_fields.items() if info.is_required()}
        assert needed <= asked <= act.form.model_fields.keys(), slug
        assert (await keeper.get(f"{ROOT}/act/{slug}?entry=x")).status_code == 200


async def test_an_overlap_is_pointed_out_before_it_is_imported(keeper: httpx.AsyncClient) -> None:
    content = city(('least: "10000", most', 'least: "5000", most'))
    answer = await keeper.post(f"{ROOT}/preview", files={"document": ("x.yaml", content)})
    told = words(answer)
    assert "请留意" in told
    assert "“轻微”与“严重”两档重叠：5000 元至 10000 元同时属于两档。" in told
    assert "最低罚款（元）： 10000 → 5000" in told
    assert "确认导入" in told


@pytest.mark.parametrize(
    "path",
    [
        "?q=%00",
        "?state=%00",
        "?after=x",
        "?on=9999-12-31",
        "?on=0001-01-01",
        "/green-card/%00",
        "/act/none",
        "/act/revise-chain?entry=%00",
    ],
)
async def test_odd_addresses_get_an_answer(keeper: httpx.AsyncClient, path: str) -> None:
    assert (await keeper.get(f"{ROOT}{path}")).status_code < 500


async def test_what_was_taken_back_says_so(keeper: httpx.AsyncClient) -> None:
    taken = {"entry": MILL, "reason": "误发", "effective_from": "2012-01-01"}
    answer = await keeper.post(f"{ROOT}/act/withdraw-card", data=taken)
    told = await seen(keeper, answer.headers["location"])
    assert "登记已经撤回，视为从未有过" in told
    assert "芜湖纺织厂" not in await seen(keeper, ROOT)
