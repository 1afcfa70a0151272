"""Pages by key: a page says where the next one begins, so that nothing is skipped or twice."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_json

from kernel.web.problem import ProblemError

Item = TypeVar("Item")
Row = TypeVar("Row")
Key = TypeVar("Key")

DEFAULT_LIMIT = 50
LONGEST_CURSOR = 2000

Limit = Annotated[int, Query(ge=1, le=200, description="每页条数")]
"""Use it as `limit: Limit = DEFAULT_LIMIT`."""

After = Annotated[str | None, Query(max_length=LONGEST_CURSOR, description="上一页 next 的值")]
"""Use it as `after: After = None`."""


class Page(BaseModel, Generic[Item]):
    """Some items, and the cursor of the next page if there is one."""

    items: list[Item]
    next: str | None = None


def page_of(
    rows: Sequence[Row],
    limit: int,
    *,
    item: Callable[[Row], Item],
    key: Callable[[Row], object],
) -> Page[Item]:
    """Make a page of up to `limit + 1` rows that were fetched: the one too many tells of more."""
    shown = rows[:limit]
    is_last = len(rows) <= limit
    return Page(
        items=[item(row) for row in shown], next=None if is_last else write_cursor(key(shown[-1]))
    )


def write_cursor(key: object) -> str:
    """Return an opaque name for a key, such as a tuple of a time and a number."""
    return urlsafe_b64encode(to_json(key)).decode().rstrip("=")


def read_cursor(cursor: str, kind: TypeAdapter[Key]) -> Key:
    """Return the key that a cursor names. Raises 400 `invalid-cursor`.

    Callers can make cursors up: `kind` has to bound its numbers as the columns do.
    """
    padding = "=" * (-len(cursor) % 4)
    try:
        if not cursor.isascii():
            raise _invalid_cursor()
        raw = urlsafe_b64decode(cursor + padding)
        key = kind.validate_json(raw)
    except (binascii.Error, ValidationError):
        raise _invalid_cursor() from None
    if b"\\u0000" in raw or write_cursor(key) != cursor:
        raise _invalid_cursor()
    return key


def _invalid_cursor() -> ProblemError:
    return ProblemError(
        400,
        "invalid-cursor",
        title="翻页位置无效",
        detail="所给的翻页位置不是本系统给出的，或者已经失效。",
        fix="请从第一页重新翻起。",
        field="after",
    )
