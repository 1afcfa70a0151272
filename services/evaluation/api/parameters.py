"""What the routes of the register ask for, and of whom."""

from typing import Annotated, Any

from fastapi import Depends, Header, Path, Query
from pydantic import BaseModel, Field, TypeAdapter

from contracts.vocabulary import PRINTABLE, Code
from kernel.access.policy import Right
from kernel.access.principal import Caller
from kernel.web.access import needs
from kernel.web.paging import read_cursor
from services.evaluation.forms.fields import Day

Reader = Annotated[Caller, Depends(needs(Right.SEE_REGISTER))]
Keeper = Annotated[Caller, Depends(needs(Right.KEEP_REGISTER))]
EntryCode = Annotated[str, Path(max_length=100, pattern=PRINTABLE, description="代码")]
OfUnit = Annotated[
    str | None, Query(max_length=100, pattern=PRINTABLE, description="只看这个单位的")
]
On = Annotated[Day | None, Query(description="本地日期：只看当天在册的，并显示当天的情况")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", max_length=200, pattern=PRINTABLE, description="重试时不变的编号"
    ),
]

CODES: TypeAdapter[str] = TypeAdapter(Code)
VERSIONS: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=1, le=2**31 - 1)])


def code_after(cursor: str | None) -> str:
    """Return the code after which a page begins. Raises 400 `invalid-cursor`."""
    return "" if cursor is None else read_cursor(cursor, CODES)


def created(view: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """Describe the answer to what makes a new entry."""
    return {201: {"model": view, "description": "已登记"}}
