"""Pages by key: whoever turns them sees each item once, and made-up cursors are refused."""

from base64 import urlsafe_b64encode
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter

from kernel.access.policy import Right
from kernel.web.access import needs
from kernel.web.paging import DEFAULT_LIMIT, After, Limit, Page, page_of, read_cursor, write_cursor
from kernel.web.problem import ProblemError
from tests.kernel.web.town import CLERKS, opened

KEY: TypeAdapter[tuple[datetime, str]] = TypeAdapter(tuple[datetime, str])
NUMBER: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=0, lt=2**63)])
CASES = list(range(1, 124))


def shelf() -> APIRouter:
    router = APIRouter()

    @router.get("/cases", dependencies=[Depends(needs(Right.SEE_CASES))])
    async def cases(limit: Limit = DEFAULT_LIMIT, after: After = None) -> Page[str]:
        last = 0 if after is None else read_cursor(after, NUMBER)
        rows = [each for each in CASES if each > last][: limit + 1]
        return page_of(rows, limit, item=lambda row: f"WH-{row}", key=lambda row: row)

    return router


@pytest.mark.parametrize("limit", [None, 1, 7, 41, 123, 124, 200])
async def test_turning_the_pages_shows_each_item_once_and_then_ends(limit: int | None) -> None:
    seen: list[str] = []
    parameters = {} if limit is None else {"limit": str(limit)}
    async with opened(shelf()) as house:
        while True:
            answer = await house.client.get("/cases", params=parameters, headers=CLERKS)
            page = answer.json()
            assert 0 < len(page["items"]) <= (limit or DEFAULT_LIMIT)
            seen += page["items"]
            if page["next"] is None:
                break
            parameters["after"] = page["next"]
    assert seen == [f"WH-{number}" for number in CASES]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", "1e2"])
async def test_a_page_of_no_size_or_too_large_is_refused(limit: str) -> None:
    async with opened(shelf()) as house:
        answer = await house.client.get("/cases", params={"limit": limit}, headers=CLERKS)
    assert (answer.status_code, answer.json()["field"]) == (422, "limit")


@pytest.mark.parametrize(
    "after",
    [
        "",
        "x",
        "IDU",
        "_",
        "编号",
        "====",
        write_cursor("text"),
        write_cursor(-1),
        write_cursor(2**63),
    ],
)
async def test_a_cursor_of_other_make_is_refused_and_not_repeated(after: str) -> None:
    async with opened(shelf()) as house:
        answer = await house.client.get("/cases", params={"after": after}, headers=CLERKS)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")
    assert answer.json()["field"] == "after"


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.text(st.characters(codec="utf-8", exclude_characters="\0")),
)
def test_a_key_comes_back_from_its_cursor(time: datetime, text: str) -> None:
    cursor = write_cursor((time, text))
    assert cursor.isascii()
    assert "=" not in cursor
    assert read_cursor(cursor, KEY) == (time, text)


def test_a_cursor_with_what_no_database_stores_is_refused() -> None:
    with pytest.raises(ProblemError):
        read_cursor(write_cursor("a\0b"), TypeAdapter(str))


@given(st.binary(max_size=60))
def test_garbage_is_refused_whatever_it_is(raw: bytes) -> None:
    cursor = urlsafe_b64encode(raw).decode().rstrip("=")
    with suppress(ProblemError):
        assert write_cursor(read_cursor(cursor, KEY)) == cursor
