"""Read the rows of another system's view: one after the other, and without the power to change."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy import column as named
from sqlalchemy import table as tabled
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql import Select, select

from services.electronic_supervision.connect.config import VARIABLE
from services.electronic_supervision.connect.connector import View
from services.electronic_supervision.connect.mark import Newest
from services.electronic_supervision.log.columns import row_builder
from services.electronic_supervision.log.entry import Cell, Row
from services.electronic_supervision.log.map import LogMap
from services.electronic_supervision.log.refusal import BadLogError

AT_ONCE = 1000
CONNECT_SECONDS = 10
READ_ONLY: Mapping[str, Sequence[str]] = {
    "postgresql": ("set transaction read only",),
    "mysql": ("set session transaction read only",),
    "mariadb": ("set session transaction read only",),
    "oracle": ("set transaction read only",),
    "sqlite": ("pragma query_only = on",),
}
"""What keeps a connection from changing anything, as its database says it."""

TIMEOUT: Mapping[str, str] = {
    "psycopg": "connect_timeout",
    "psycopg2": "connect_timeout",
    "pymysql": "connect_timeout",
}

CODE = re.compile(r"[0-9A-Z]{5}|[0-9]{1,5}|ORA-[0-9]{1,5}|DPY-[0-9]{1,5}")
FAULTS: Mapping[str, str] = {
    "08": "连接不上",
    "22": "视图中有的值无法换算",
    "28": "账号或密码不对",
    "42501": "账号没有查看权限",
    "42": "视图、查询语句或列名不对",
    "53": "资源不足",
    "57": "查询被中断",
    "OperationalError": "连接不上，或查询被中断",
}
"""What is wrong, by how an SQLSTATE begins, or by the kind of error if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a view: all rows, or those changed since a time."""

    view: View
    log_map: LogMap
    since: datetime | None
    environment: Mapping[str, str] = field(repr=False)


class ViewError(BadLogError):
    """The database did not answer (`database-failed`) or can't be asked (`…-unconfigured`)."""


@contextmanager
def view_rows(asked: Asked, newest: Newest) -> Iterator[Iterator[Row]]:
    """Give the rows of a view for the length of the block; `newest` hears of each.

    Raises ViewError, in which no password is, and BadLogError (`column-missing`, …).
    """
    url = url_of(asked.view, asked.environment)
    try:
        with connected(url) as connection:
            yield _rows(connection, asked, newest)
    except SQLAlchemyError as error:
        raise ViewError("database-failed", _words(error)) from None


def url_of(view: View, environment: Mapping[str, str]) -> URL:
    """Return the address of a view's database. Raises ViewError."""
    given = view.url
    if VARIABLE.fullmatch(given):
        name, given = given, environment.get(given, "")
        if not given:
            message = f"没有设置环境变量 {name}，不知道数据库的地址。"
            raise ViewError("database-unconfigured", message)
    try:
        return make_url(given)
    except (ArgumentError, ValueError):
        message = "数据库地址写得不对，应形如 postgresql+psycopg://用户:密码@主机/库。"
        raise ViewError("database-unconfigured", message) from None


@contextmanager
def connected(url: URL) -> Iterator[Connection]:
    """Connect without the power to change anything. Raises ViewError and SQLAlchemyError."""
    try:
        patience = TIMEOUT.get(url.get_dialect().driver)
        arguments: dict[str, Any] = {} if patience is None else {patience: CONNECT_SECONDS}
        engine = create_engine(
            url, poolclass=NullPool, connect_args=arguments, hide_parameters=True
        )
    except (ImportError, NoSuchModuleError) as error:
        message = f"没有 {url.drivername} 的驱动，请先安装（见 docs/guides/connect.md）。"
        raise ViewError("database-unconfigured", message) from error
    with engine.connect() as connection:
        for statement in READ_ONLY.get(engine.dialect.name, ()):
            connection.exec_driver_sql(statement)
        if engine.dialect.name in {"mysql", "mariadb"}:
            connection.rollback()  # it holds from the next transaction on
        try:
            yield connection
        finally:
            connection.rollback()


def _rows(connection: Connection, asked: Asked, newest: Newest) -> Iterator[Row]:
    streaming = connection.execution_options(stream_results=True, yield_per=AT_ONCE)
    with streaming.execute(_statement(asked)) as result:
        header = list(result.keys())
        build = row_builder(asked.log_map, header)
        updated = _place_of(asked.view.updated, header)
        for line, row in enumerate(result, 1):
            if updated is not None:
                newest.note(row[updated])
            yield build(line, _cell_of(row))


def _place_of(name: str, header: Sequence[str]) -> int | None:
    if not name:
        return None
    if name not in header:
        message = f"视图里没有“{name}”列（updated）。请改正连接器配置。"
        raise BadLogError("column-missing", message, field="updated")
    return header.index(name)


def _cell_of(row: Sequence[object]) -> Callable[[int], Cell]:
    return lambda at: _cell(row[at])


def _cell(value: object) -> Cell:
    match value:
        case None:
            return ""
        case datetime() | date():
            return value
        case str():
            return value.strip()
        case bool():
            return str(value).upper()
        case time():
            return value.isoformat()
        case float() | Decimal():
            return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
        case _:
            return str(value)


def _statement(asked: Asked) -> Select[Any]:
    view = asked.view
    everything = select(text("*"))
    if view.view:
        schema, _, name = view.view.rpartition(".")
        rows = tabled(name, schema=schema or None)
        found = everything.select_from(rows)
        return found if asked.since is None else found.where(named(view.updated) >= asked.since)
    # a colon in it is no parameter of ours
    query = text(view.query.rstrip().rstrip(";").replace(":", r"\:"))
    if asked.since is None:
        return everything.select_from(query.columns().subquery("asked_rows"))
    inner = query.columns(named(view.updated)).subquery("asked_rows")
    return everything.select_from(inner).where(inner.c[view.updated] >= asked.since)


def _words(error: SQLAlchemyError) -> str:
    """Say what kind of fault it is; a database's own words may hold values of rows."""
    code = _code_of(error)
    words = next((words for start, words in FAULTS.items() if code.startswith(start)), "")
    kind = type(getattr(error, "orig", None) or error).__name__
    words = words or FAULTS.get(kind, "请由管理员查看该数据库的日志")
    return f"数据库没有给出数据：{words}（{code or kind}）。"


def _code_of(error: SQLAlchemyError) -> str:
    """Return the SQLSTATE, or the number that a database has instead; "" if it tells none."""
    found = getattr(error, "orig", None)
    given = getattr(found, "sqlstate", None) or next(iter(getattr(found, "args", ())), "")
    code = str(getattr(given, "full_code", given))
    return code if CODE.fullmatch(code) else ""
