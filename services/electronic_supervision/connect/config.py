"""What an operator says of connectors: which system, which map, where its rows lie, how often."""

import re
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

SPANS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1)}
SPAN = re.compile(r"([1-9][0-9]{0,4})([smh])")
LONGEST = timedelta(days=7)
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")


def _span(given: object) -> timedelta:
    if isinstance(given, timedelta):
        return given
    found = SPAN.fullmatch(str(given))
    if found is None or int(found[1]) * SPANS[found[2]] > LONGEST:
        raise PydanticCustomError("span", "请写成 30s、5m 或 2h 的形式，不超过 168h。")
    return int(found[1]) * SPANS[found[2]]


def _pattern(given: object) -> str:
    text = str(given)
    if not text or "/" in text or "\\" in text or text.startswith("."):
        raise PydanticCustomError("pattern", "请写文件名的样式，例如 *.xlsx，不能含目录。")
    return text


def _url(given: object) -> str:
    text = str(given)
    if not VARIABLE.fullmatch(text):
        try:
            make_url(text)
        except (ArgumentError, ValueError):
            # what was given is not repeated: it may hold a password
            say = "请写环境变量名，或形如 postgresql+psycopg://用户:密码@主机/库 的地址。"
            raise PydanticCustomError("url", say) from None
    return text


Span = Annotated[timedelta, BeforeValidator(_span)]
Pattern = Annotated[str, BeforeValidator(_pattern)]
DatabaseUrl = Annotated[str, BeforeValidator(_url)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Words = Annotated[str, Field(min_length=1, max_length=20_000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FolderPlace(_Part):
    """A folder into which files are dropped, looked at every so often.

    `done` tells what becomes of a file that was read: it stays, or moves to the folder `done`.
    """

    path: Words
    pattern: Pattern = "*"
    every: Span = timedelta(seconds=10)
    done: Literal["leave", "move"] = "leave"


class DatabasePlace(_Part):
    """A view, or a query, of another system's database, asked every so often.

    `url` is an SQLAlchemy URL, or the environment's variable that holds one. `updated` is a column
    that grows with every change of a row; without it all rows are read every time.
    """

    url: DatabaseUrl = Field(repr=False)
    view: Words | None = None
    query: Words | None = None
    updated: Words | None = None
    every: Span = timedelta(minutes=5)

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.view is None) == (self.query is None):
            raise PydanticCustomError("one", "view 和 query 请只写一项。")
        return self


class ConnectorEntry(_Part):
    """One connector, as it is written."""

    name: Name
    source: Annotated[str, Field(pattern=r"^\S+$")]
    map: Words
    folder: FolderPlace | None = None
    database: DatabasePlace | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.folder is None) == (self.database is None):
            raise PydanticCustomError("one", "folder 和 database 请只写一项。")
        return self


class ConnectorFile(_Part):
    """All connectors of a site; no two have one name, or speak for one source."""

    connectors: list[ConnectorEntry]

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        for what in ("name", "source"):
            values = [getattr(each, what) for each in self.connectors]
            if twice := next((each for each in values if values.count(each) > 1), None):
                say = "{what} 写了两次：{twice}。每个连接器、每个来源只能写一次。"
                raise PydanticCustomError("twice", say, {"what": what, "twice": twice})
        return self
