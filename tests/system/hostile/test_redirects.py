"""Who signs in is never led to another site, whatever the link said by which he came."""

import re
from urllib.parse import quote

import pytest

from kernel.access.policy import Role
from kernel.access.principal import Grant
from tests.system.hostile.test_sessions import sign_in, with_password
from tests.system.hostile.town import Town, browser

AWAY = [
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "/\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nSet-Cookie: a=b",
    "/%0d%0aLocation:%20https://evil.example",
    "\t//evil.example",
    " //evil.example",
    "https://evil.example",
    "https:evil.example",
    "HTTPS:/evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "evil.example",
    "@evil.example",
    "/@evil.example//",
    "/..//evil.example",
    "/.//evil.example",
    "/console/..//evil.example",
    "%2f%2fevil.example",
    "/%2fevil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/\u2028/evil.example",
    "/\u3002evil.example",
    "\uff0f\uff0fevil.example",
    "/console/cases/1#//evil.example",
    "/" + "a" * 5000,
]


def stays(location: str) -> bool:
    """Tell whether every browser takes this for a path of the same site."""
    cleaned = re.sub(r"[\t\r\n]", "", location.strip()).replace("\\", "/")
    return cleaned.startswith("/") and not cleaned.startswith("//")


@pytest.fixture(scope="module")
async def somebody(town: Town) -> str:
    await with_password(town, "led")
    return "led"


@pytest.mark.parametrize("away", AWAY)
async def test_a_link_that_leads_away_leads_home(town: Town, somebody: str, away: str) -> None:
    async with browser(town.doors) as visitor:
        shown = await visitor.get(f"/sign-in?next={quote(away, safe='')}")
        if shown.status_code == 200:
            found = re.search(r'name="next" value="([^"]*)"', shown.text)
            assert found, "the form has the field"
            assert stays(found[1] or "/"), found[1]
        answer = await sign_in(visitor, somebody, next=away)
        assert answer.status_code == 303
        assert stays(answer.headers["location"]), answer.headers["location"]
        assert "evil" not in answer.headers.get("set-cookie", "")
        assert answer.headers.get("set-cookie", "").count("a=b") == 0


async def test_a_link_to_a_page_of_ours_is_followed_after_signing_in(
    town: Town, somebody: str
) -> None:
    async with browser(town.doors) as visitor:
        asked = await visitor.get("/console/cases?q=%E5%8A%9E%E4%BB%B6&ended=true")
        assert asked.status_code == 303
        to = asked.headers["location"]
        page = await visitor.get(to)
        found = re.search(r'name="next" value="([^"]*)"', page.text)
        assert found
        then = found[1].replace("&amp;", "&")
        answer = await sign_in(visitor, somebody, next=then)
        assert answer.headers["location"] == "/console/cases?q=%E5%8A%9E%E4%BB%B6&ended=true"


async def test_a_path_that_no_route_has_leads_to_no_other_host(town: Town) -> None:
    visitor = await town.visitor("wanderer", Grant(role=Role.OFFICE))
    async with visitor:
        for path in ("//evil.example/", "//evil.example", "/\\evil.example", "/console/"):
            answer = await visitor.get(f"{town.doors.origin}{path}")
            assert stays(answer.headers.get("location", "/")), (path, answer.headers)
