"""What every page shares: signing in, problems in words, and what a browser must not do."""

import json
from collections.abc import AsyncIterator
from hashlib import sha256
from importlib.resources import files
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.web.access import needs
from kernel.web.shell.shell import Pages, Place, shell_of
from tests.kernel.web.town import opened

HTML = {"Accept": "text/html"}
PART = HTML | {"HX-Request": "true", "HX-Request-Type": "partial"}
SQUARE = "/console/square"
VENDORED = files("kernel.web.shell") / "static" / "vendor"


def square() -> APIRouter:
    router = APIRouter()

    @router.get(SQUARE)
    async def look(
        request: Request, _: Annotated[Caller, Depends(needs(Right.SEE_CASES))]
    ) -> Response:
        words = request.query_params.get("words", "广场")
        return shell_of(request).page(request, "town/square.html", {"words": words})

    @router.post(SQUARE)
    async def act(_: Annotated[Caller, Depends(needs(Right.SEE_CASES))]) -> str:
        return "done"

    return router


PAGES = Pages(
    name="town",
    package="tests.kernel.web",
    places=[Place(SQUARE, "广场", Right.SEE_CASES)],
    notice="演示数据",
)


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    """Return a browser that nobody has signed in with, without its scripts."""
    async with opened(square(), pages=[PAGES]) as house:
        house.client.headers.update(HTML)
        yield house.client


async def sign_in(browser: httpx.AsyncClient, token: str, then: str = "") -> httpx.Response:
    return await browser.post("/sign-in", data={"token": token, "next": then})


async def test_a_stranger_is_led_to_the_form_and_then_to_where_he_wanted(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get(f"{SQUARE}?words=a b")
    assert answer.status_code == 303
    form = await browser.get(answer.headers["location"])
    assert "/console/square?words=a%20b" in form.text
    answer = await sign_in(browser, "reader", "/console/square?words=a%20b")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{SQUARE}?words=a%20b")
    assert "<h1>a b</h1>" in (await browser.get(answer.headers["location"])).text


async def test_no_script_can_read_the_token_and_no_other_site_can_send_it(
    browser: httpx.AsyncClient,
) -> None:
    told = (await sign_in(browser, "reader")).headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=lax" in told


@pytest.mark.parametrize("token", ["", "nobody's", "x" * 5000, "\0"])
async def test_a_wrong_token_is_told_on_the_form(browser: httpx.AsyncClient, token: str) -> None:
    answer = await sign_in(browser, token)
    assert answer.status_code == 403
    assert "令牌不对" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "then",
    [
        "https://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "javascript:alert(1)",
        "/" + "x" * 3000,
    ],
)
async def test_signing_in_never_leads_to_another_site(
    browser: httpx.AsyncClient, then: str
) -> None:
    assert (await sign_in(browser, "reader", then)).headers["location"] == SQUARE


async def test_what_another_site_makes_a_browser_send_is_refused(
    browser: httpx.AsyncClient,
) -> None:
    await sign_in(browser, "reader")
    assert (await browser.post(SQUARE)).status_code == 200
    own = {"Origin": str(browser.base_url).rstrip("/")}
    assert (await browser.post(SQUARE, headers=own)).status_code == 200
    for path in (SQUARE, "/sign-out", "/sign-in"):
        answer = await browser.post(path, headers={"Origin": "https://elsewhere.example"})
        assert answer.status_code == 403
        assert "foreign-origin" in answer.text
    answer = await browser.post(SQUARE, headers={"Origin": "null"})
    assert answer.status_code == 403, "a sandboxed frame"


async def test_behind_a_proxy_the_public_address_is_the_only_origin() -> None:
    public = "https://console.city.cn"
    async with opened(square(), pages=[PAGES], public_url=public) as house:
        form = {"token": "reader", "next": ""}
        own = {"Origin": public}
        answer = await house.client.post("/sign-in", data=form, headers=own)
        assert answer.status_code == 303
        assert "secure" in answer.headers["set-cookie"].lower()
        inside = {"Origin": str(house.client.base_url).rstrip("/")}
        answer = await house.client.post("/sign-in", data=form, headers=inside)
        assert answer.status_code == 403


async def test_who_signed_out_is_a_stranger(browser: httpx.AsyncClient) -> None:
    await sign_in(browser, "reader")
    assert (await browser.get(SQUARE)).status_code == 200
    await browser.post("/sign-out")
    assert (await browser.get(SQUARE)).status_code == 303


async def test_a_page_that_is_there_is_told_where_to_sign_in(browser: httpx.AsyncClient) -> None:
    answer = await browser.get(SQUARE, headers=PART)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in")


async def test_people_read_problems_and_programs_parse_them(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/nowhere")
    assert page.status_code == 404
    assert "没有找到" in page.text
    assert "请核对地址和编号" in page.text
    program = await browser.get("/nowhere", headers={"Accept": "*/*"})
    assert program.json()["code"] == "not-found"


async def test_a_problem_of_a_part_goes_to_the_place_for_words(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/nowhere", headers=PART)
    assert answer.headers["hx-retarget"] == "#told"
    assert "<html" not in answer.text
    assert "没有找到" in answer.text


async def test_words_are_shown_and_never_run(browser: httpx.AsyncClient) -> None:
    await sign_in(browser, "reader")
    answer = await browser.get(SQUARE, params={"words": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


async def test_every_answer_forbids_what_is_inline_or_from_elsewhere(
    browser: httpx.AsyncClient,
) -> None:
    for path in ("/sign-in", SQUARE, "/livez", "/nowhere", "/assets/console.js"):
        headers = (await browser.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"


async def test_a_page_knows_its_place_and_tells_the_notice(browser: httpx.AsyncClient) -> None:
    await sign_in(browser, "reader")
    text = (await browser.get(SQUARE)).text
    assert f'<a href="{SQUARE}" aria-current="page">广场</a>' in text
    assert "演示数据" in text
    assert (await browser.get("/")).headers["location"] == SQUARE


async def test_what_a_page_shows_is_kept_by_nobody(browser: httpx.AsyncClient) -> None:
    await sign_in(browser, "reader")
    assert (await browser.get(SQUARE)).headers["cache-control"] == "no-store"


async def test_files_are_kept_for_ever_under_their_version_only(
    browser: httpx.AsyncClient,
) -> None:
    text = (await browser.get("/sign-in")).text
    url = next(part for part in text.split('"') if part.startswith("/assets/console.js?v="))
    answer = await browser.get(url)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    for other in ("/assets/console.js", "/assets/console.js?v=0"):
        assert (await browser.get(other)).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["../shell.py", "..%2Fshell.py", "%2e%2e%2fshell.py", "vendor.json", "base.html", ""]
)
async def test_no_name_leads_to_any_other_file(browser: httpx.AsyncClient, name: str) -> None:
    assert (await browser.get(f"/assets/{name}")).status_code == 404


def test_what_others_wrote_is_what_they_published() -> None:
    listed = json.loads((VENDORED / "vendor.json").read_text(encoding="utf-8"))
    assert {each["file"] for each in listed} == {
        file.name for file in VENDORED.iterdir() if file.name.endswith(".js")
    }
    for each in listed:
        assert sha256((VENDORED / each["file"]).read_bytes()).hexdigest() == each["sha256"]
        assert each["version"] in each["file"]
        assert (VENDORED / each["licence_file"]).is_file()
