"""What every page shares: who comes in, problems in words, and what a browser must not do."""

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
from kernel.web.browser import COOKIE, HOST_COOKIE
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


def sign_in(browser: httpx.AsyncClient, cookie: str = COOKIE) -> None:
    browser.cookies.set(cookie, "reader")


async def test_a_stranger_is_led_to_the_form_and_back_to_where_he_wanted(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get(f"{SQUARE}?words=a b")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?next=%2Fconsole%2Fsquare%3Fwords%3Da%2520b",
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "same-origin"},
        {"Referer": "http://127.0.0.1"},
        {},
    ],
)
async def test_what_another_site_makes_a_browser_send_is_refused(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    sign_in(browser)
    answer = await browser.post(SQUARE, headers=headers)
    assert answer.status_code == 403
    assert "foreign-origin" in answer.text


async def test_what_a_page_of_ours_sends_is_taken(browser: httpx.AsyncClient) -> None:
    sign_in(browser)
    own = {"Origin": str(browser.base_url).rstrip("/")}
    assert (await browser.post(SQUARE, headers=own)).status_code == 200
    assert (await browser.post(SQUARE, headers={"Sec-Fetch-Site": "same-origin"})).is_success


async def test_a_program_that_shows_a_token_is_asked_for_no_origin(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.post(SQUARE, headers={"Authorization": "Bearer reader"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "forged",
    [
        {"Host": "elsewhere.example", "Origin": "http://elsewhere.example"},
        {"X-Forwarded-Host": "elsewhere.example", "Origin": "https://elsewhere.example"},
        {"X-Forwarded-Proto": "http", "Origin": "http://console.city.cn"},
        {"Forwarded": "host=elsewhere.example", "Origin": "https://elsewhere.example"},
    ],
)
async def test_behind_a_proxy_the_public_address_is_the_only_origin_whatever_headers_say(
    forged: dict[str, str],
) -> None:
    public = "https://console.city.cn"
    async with opened(square(), pages=[PAGES], public_url=public) as house:
        sign_in(house.client, cookie=HOST_COOKIE)
        assert (await house.client.post(SQUARE, headers={"Origin": public})).status_code == 200
        inside = {"Origin": str(house.client.base_url).rstrip("/")}
        for headers in (inside, forged):
            answer = await house.client.post(SQUARE, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin")


async def test_behind_a_proxy_with_tls_a_cookie_that_came_without_counts_for_nothing() -> None:
    async with opened(square(), pages=[PAGES], public_url="https://console.city.cn") as house:
        sign_in(house.client)
        assert (await house.client.get(SQUARE)).status_code == 401


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
    sign_in(browser)
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
    sign_in(browser)
    text = (await browser.get(SQUARE)).text
    assert f'<a href="{SQUARE}" aria-current="page">广场</a>' in text
    assert "演示数据" in text
    assert (await browser.get("/")).headers["location"] == SQUARE


async def test_what_a_page_shows_is_kept_by_nobody(browser: httpx.AsyncClient) -> None:
    sign_in(browser)
    assert (await browser.get(SQUARE)).headers["cache-control"] == "no-store"


async def test_files_are_kept_for_ever_under_their_version_only(
    browser: httpx.AsyncClient,
) -> None:
    sign_in(browser)
    text = (await browser.get(SQUARE)).text
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
