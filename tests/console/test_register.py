"""The pages of the register, asked as a browser without scripts does."""

import html
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from random import Random

import httpx
import pytest

from deploy.local.postgres import Postgres
from kernel.web.browser import COOKIE
from services.evaluation.document.headings import LAYOUT
from services.evaluation.pages.acts import ACTS
from tests.console import register_town
from tests.evaluation.document.books import HOUSING_ROW, XLSX, YAML, units

ROOT = "/console/register"
UNIT, POST = f"{ROOT}/units/WHZJW", f"{ROOT}/posts/WHZJW-SP-01"
RENAMING = {"entry": "WHZJW", "name": "芜湖市住房和城乡建设局", "effective_from": "2012-06-01"}


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with register_town.database() as running:
        yield running


@pytest.fixture
async def address(server: Postgres) -> AsyncIterator[str]:
    async with register_town.town(server) as address:
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


async def recorded(client: httpx.AsyncClient) -> object:
    """Return all that programs are told of the register."""
    return (await client.get("/register/export", params={"format": "yaml"})).text


async def test_units_are_listed_by_group_and_found_by_name_code_and_alias(
    leader: httpx.AsyncClient,
) -> None:
    told = await seen(leader, ROOT)
    assert "政府部门 2 个" in told
    for part in ("住房", "whzjw", "住建"):
        found = await seen(leader, f"{ROOT}?q={part}")
        assert "芜湖市住房和城乡建设委员会" in found
        assert "芜湖市卫生局" not in found
    assert "没有符合条件的单位" in await seen(leader, f"{ROOT}?group=judiciary")
    assert "没有符合条件的单位" in await seen(leader, f"{ROOT}?group=none")


async def test_closed_units_are_aside(keeper: httpx.AsyncClient) -> None:
    closing = {"entry": "WHWSJ", "effective_from": "2012-03-02", "successor": "WHZJW"}
    assert (await keeper.post(f"{ROOT}/act/close-unit", data=closing)).status_code == 303
    assert "芜湖市卫生局" not in await seen(keeper, ROOT)
    assert "芜湖市卫生局" in await seen(keeper, f"{ROOT}?closed=true")
    told = await seen(keeper, f"{ROOT}/units/WHWSJ")
    assert "由 芜湖市住房和城乡建设委员会 承接" in told
    assert "更名" not in told, "what can not be done is offered"


async def test_a_unit_shows_its_posts_who_is_there_today_its_people_and_what_happened(
    leader: httpx.AsyncClient,
) -> None:
    told = await seen(leader, UNIT)
    for part in (
        "施工许可受理岗 行政审批科 张德胜 离岗 2012-03-01 至 2012-03-05 李文秀 在岗",
        "行政审批科 WHZJW-SP 2011-09-20 起",
        "李文秀 R0002 科室负责人 — 2011-09-20 起",
        "住建委 /wuhu/12345",
        "效能办 王效能 于 2012-03-02 09:00 办理",
    ):
        assert part in told
    assert f"{ROOT}/act/" not in (await leader.get(UNIT)).text, "who may only read is offered to"


async def test_a_post_a_person_and_a_section_have_their_own_pages(
    leader: httpx.AsyncClient,
) -> None:
    post = await seen(leader, POST)
    assert "A 岗 张德胜，自 2011-10-01 起；今日离岗（2012-03-01 至 2012-03-05）" in post
    assert "任用李文秀为 B 岗" in post
    person = await seen(leader, f"{ROOT}/people/R0001")
    assert "A 岗 施工许可受理岗，自 2011-10-01 起" in person
    assert "到任：芜湖市住房和城乡建设委员会，行政审批科，经办人" in person
    assert "设立，名称“行政审批科”" in await seen(leader, f"{ROOT}/sections/WHZJW-SP")


@pytest.mark.parametrize("kind", ["units", "sections", "posts", "people"])
async def test_what_nobody_registered_has_no_page(leader: httpx.AsyncClient, kind: str) -> None:
    answer = await leader.get(f"{ROOT}/{kind}/none")
    assert (answer.status_code, "名册中没有这个代码" in answer.text) == (404, True)


async def test_a_form_is_carried_out_and_the_page_says_so(keeper: httpx.AsyncClient) -> None:
    answer = await keeper.post(f"{ROOT}/act/rename-unit", data=RENAMING)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{UNIT}?done=rename-unit")
    told = await seen(keeper, answer.headers["location"])
    assert "已办理：单位更名。" in told
    assert "› 芜湖市住房和城乡建设委员会 更名" in told, "the name is that of another day"
    assert "自 2012-06-01 起：芜湖市住房和城乡建设局" in told


async def test_a_refused_form_is_shown_again_with_the_reason_and_what_was_filled_in(
    keeper: httpx.AsyncClient,
) -> None:
    early = {**RENAMING, "effective_from": "2011-01-01"}
    answer = await keeper.post(f"{ROOT}/act/rename-unit", data=early)
    assert answer.status_code == 422
    assert "生效日期过早" in words(answer)
    assert 'value="芜湖市住房和城乡建设局"' in answer.text
    wrong = re.search(r'<input id="effective_from"[^>]*>', answer.text)
    assert wrong is not None
    assert 'aria-invalid="true"' in wrong[0]


@pytest.mark.parametrize("slug", ACTS)
async def test_every_form_is_shown_and_left_empty_changes_nothing(
    keeper: httpx.AsyncClient, leader: httpx.AsyncClient, slug: str
) -> None:
    path, before = f"{ROOT}/act/{slug}", await recorded(keeper)
    assert (await keeper.get(path)).status_code == 200
    for values in ({}, {"entry": "WHZJW"}, {"entry": "x" * 101}):
        answer = await keeper.post(path, data=values)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert "代码：" in words(answer) or "必须填写" in words(answer)
        assert not re.search("entry：|接口", words(answer)), "told as programs are"
    assert (await leader.get(path)).status_code == 403
    assert (await leader.post(path, data=RENAMING)).status_code == 403
    assert await recorded(keeper) == before


async def test_every_field_of_a_form_is_one_that_its_wish_knows() -> None:
    for slug, act in ACTS.items():
        known = act.model.model_fields
        asked = {field.name: field.is_needed for field in act.fields}
        assert asked.keys() <= known.keys(), slug
        missing = {name for name, info in known.items() if info.is_required()} - asked.keys()
        assert not missing, slug
        for name, is_needed in asked.items():
            assert is_needed == known[name].is_required(), f"{slug}: {name}"


@pytest.mark.parametrize(
    ("slug", "values", "shown"),
    [
        ("open-section", {"unit": "WHZJW", "name": "法规科"}, "sections/N"),
        ("establish-post", {"unit": "WHZJW", "section": "WHZJW-SP", "name": "岗"}, "posts/N"),
        ("take-on", {"unit": "WHZJW", "name": "王建国", "duty": "handler"}, "people/N"),
        ("register-unit", {"name": "新单位", "group": "judiciary"}, "units/N"),
    ],
)
async def test_what_is_new_has_a_page_afterwards(
    keeper: httpx.AsyncClient, slug: str, values: dict[str, str], shown: str
) -> None:
    told = {"entry": "N", "effective_from": "2012-01-01", **values}
    answer = await keeper.post(f"{ROOT}/act/{slug}", data=told)
    assert answer.headers["location"] == f"{ROOT}/{shown}?done={slug}"
    assert values["name"] in await seen(keeper, answer.headers["location"])


async def test_an_unknown_code_is_given_to_a_unit_from_the_address_that_names_it(
    keeper: httpx.AsyncClient,
) -> None:
    unknown = {"source": "/wuhu/oa", "code": "建委"}
    for path in (f"{ROOT}/aliases", UNIT):
        page = await keeper.get(path, params=unknown)
        if path == UNIT:
            link = re.search(r'href="([^"]*act/add-alias[^"]*)"', page.text)
            assert link is not None
            page = await keeper.get(html.unescape(link[1]))
        assert 'name="source"' in page.text
        assert 'value="/wuhu/oa"' in page.text
        assert 'value="建委"' in page.text
    answer = await keeper.post(f"{ROOT}/act/add-alias", data={"entry": "WHZJW", **unknown})
    assert "建委 /wuhu/oa" in await seen(keeper, answer.headers["location"])
    again = await keeper.post(f"{ROOT}/act/add-alias", data={"entry": "WHWSJ", **unknown})
    assert "对应代码已被占用" in words(again)


@pytest.mark.parametrize("code", ["A/B", "a b", "单位?x=1#y", "<b>", "..", "%2F"])
async def test_a_unit_of_any_code_has_a_page(keeper: httpx.AsyncClient, code: str) -> None:
    told = {"entry": code, "name": code, "group": "judiciary", "effective_from": "2012-01-01"}
    answer = await keeper.post(f"{ROOT}/act/register-unit", data=told)
    assert answer.status_code == 303, answer.text
    page = await keeper.get(answer.headers["location"])
    if code != "..":  # which every browser takes for the folder above
        assert page.status_code == 200
        assert f"<dd>{html.escape(code)}</dd>" in page.text
    assert "<b>" not in (await keeper.get(ROOT)).text


async def test_text_is_never_markup(keeper: httpx.AsyncClient) -> None:
    script = "<script>alert(1)</script>"
    told = {"entry": "WHZJW", "name": script, "effective_from": "2012-06-01"}
    assert (await keeper.post(f"{ROOT}/act/rename-unit", data=told)).status_code == 303
    for path in (ROOT, UNIT, f"{ROOT}/act/rename-unit?entry={script}", f"{ROOT}?q={script}"):
        assert script not in (await keeper.get(path)).text


def upload(content: bytes, name: str = "名册.xlsx") -> dict[str, tuple[str, bytes, str]]:
    return {"document": (name, content, XLSX if name.endswith("xlsx") else YAML)}


def hidden(page: httpx.Response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    return {name: html.unescape(value) for name, value in found}


async def test_a_file_is_previewed_confirmed_and_imported(keeper: httpx.AsyncClient) -> None:
    content = units(
        ("WHZJW", "芜湖市住房和城乡建设局", "政府部门", "2012-06-01"),
        ("WHFYJ", "芜湖市法院", "司法机关", "2012-01-01"),
    )
    before = await recorded(keeper)
    page = await keeper.post(f"{ROOT}/preview", files=upload(content))
    told = words(page)
    assert "新增 1 变更 1 无变化 0" in told
    assert "单位名称： 芜湖市住房和城乡建设委员会 → 芜湖市住房和城乡建设局" in told
    assert await recorded(keeper) == before, "a preview changes something"
    answer = await keeper.post(f"{ROOT}/import", data=hidden(page))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ROOT}?imported=true")
    assert "芜湖市法院" in await seen(keeper, answer.headers["location"])


async def test_a_file_with_a_bad_line_says_what_to_mend_and_can_not_be_confirmed(
    keeper: httpx.AsyncClient,
) -> None:
    content = units(HOUSING_ROW, ("X", "x", "部委", "2012-01-01"))
    page = await keeper.post(f"{ROOT}/preview", files=upload(content))
    assert "单位，第 3 行 X 不能导入 组别 ：所填的“部委”不符合要求：应为党政群、" in words(page)
    assert "确认导入" not in page.text
    assert hidden(page) == {}


async def test_a_file_that_is_none_is_answered_on_the_page(
    keeper: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    page = await keeper.post(f"{ROOT}/preview", files=upload(b"PK not a zip"))
    assert (page.status_code, "工作簿不能读取" in words(page)) == (422, True)
    for path in (f"{ROOT}/preview", f"{ROOT}/import"):
        assert (await leader.post(path, files=upload(b""))).status_code == 403
    for content in ("!", "AAAA", "é"):
        page = await keeper.post(f"{ROOT}/import", data={"content": content, "digest": "x"})
        assert (page.status_code, "文件与预览的不同" in words(page)) == (422, True)


async def test_the_largest_file_can_be_confirmed(keeper: httpx.AsyncClient) -> None:
    line = "- {code: R%04d, name: %s, unit: WHZJW, duty: handler, effective_from: 2012-01-01}\n"
    people = "".join(line % (n, "张" * 190) for n in range(10, 1050))
    content = f"people:\n{people}# ".encode()
    chance = b64encode(Random(1).randbytes(LAYOUT.most_bytes))  # nothing packs it well
    content += chance[: LAYOUT.most_bytes - len(content)]
    page = await keeper.post(f"{ROOT}/preview", files=upload(content, "名册.yaml"))
    assert "另有 740 行没有列出" in words(page)
    answer = await keeper.post(f"{ROOT}/import", data=hidden(page))
    assert answer.status_code == 303, words(answer)
    too_large = content + b"#"
    page = await keeper.post(f"{ROOT}/preview", files=upload(too_large, "名册.yaml"))
    assert (page.status_code, "文件过大" in words(page)) == (413, True)


async def test_no_other_site_keeps_the_register(address: str) -> None:
    cookies = {COOKIE: "keeper"}
    async with httpx.AsyncClient(base_url=address, cookies=cookies) as browser:
        for origin in ({}, {"Origin": "https://elsewhere.example"}):
            for path, told in (
                (f"{ROOT}/act/rename-unit", {"data": RENAMING}),
                (f"{ROOT}/preview", {"files": upload(units(HOUSING_ROW))}),
                (f"{ROOT}/import", {"data": {"content": "", "digest": ""}}),
            ):
                answer = await browser.request("POST", path, headers=origin, **told)
                assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin")
        own = await browser.post(
            f"{ROOT}/act/rename-unit", data=RENAMING, headers={"Origin": address}
        )
        assert own.status_code == 303
