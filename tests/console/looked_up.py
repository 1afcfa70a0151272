"""A case as the console shows it, found as an official finds it: by its number."""

import re
from html import unescape

import httpx

from tests.waiting import until

CASE = re.compile(r'<tr id="c-([0-9a-f-]{36})"')


def plain(page: str) -> str:
    """Return what a page says, without its tags."""
    body = page.partition("<main")[2] or page
    return unescape(" ".join(re.sub("<[^>]+>", " ", body).split()))


async def text(console: httpx.AsyncClient, url: str, **params: str) -> str:
    answer = await console.get(url, params=params or None)
    assert answer.status_code == 200, answer.text
    return answer.text


async def found(console: httpx.AsyncClient, number: str) -> str:
    """Return the id of a case once the list finds it by its number."""

    async def look() -> str | None:
        rows = CASE.findall(await text(console, "/console/cases", q=number))
        return rows[0] if len(rows) == 1 else None

    return await until(look)


async def shown(console: httpx.AsyncClient, number: str, words: str) -> str:
    """Return the page of a case once it says these words."""
    case = await found(console, number)

    async def look() -> str | None:
        page = await text(console, f"/console/cases/{case}")
        return page if words in plain(page) else None

    return await until(look)
