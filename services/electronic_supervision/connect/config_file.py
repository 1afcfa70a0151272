"""Load the connectors of a site from their YAML file, or say what is wrong with it, and where."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ValidationError

from services.electronic_supervision.connect.config import (
    ConnectorEntry,
    ConnectorFile,
    DatabasePlace,
    FolderPlace,
)
from services.electronic_supervision.connect.connector import Connector, Folder, View
from services.electronic_supervision.connect.limit import stated
from services.electronic_supervision.log.map_file import load_map
from services.electronic_supervision.log.refusal import BadInputError, BadMapError
from services.electronic_supervision.log.yaml_text import line_at, read_mapping

_MAX_BYTES = 1 << 20
_NAME = "连接器配置"
_WORDS = {
    "missing": "缺少这一项，请补上。",
    "string_type": "请写一个词，不要留空。",
    "string_too_short": "请写一个词，不要留空。",
    "string_too_long": "写得太长，请核对。",
    "literal_error": "请写 leave（留在原处）或 move（移入 done 目录）。",
    "list_type": "请写成列表，每个连接器以“- ”开头。",
    "model_type": "请写成“键: 值”的形式，并缩进在下一行。",
}
_PATTERNS = {
    "name": "请用小写英文字母、数字和连字符，不超过 40 个字符，例如 permits。",
    "source": "请写接入时登记的来源，例如 /wuhu/permits，不要有空格。",
}
_PARTS: dict[str, type[BaseModel]] = {"folder": FolderPlace, "database": DatabasePlace}


class BadConnectorsError(BadInputError):
    """The file of connectors: `connectors-unreadable` or `connectors-invalid`."""


def load_connectors(path: Path) -> Sequence[Connector]:
    """Read and check connectors with their maps; paths are relative to the file's folder.

    Raises BadConnectorsError, for one thing that is wrong.
    """
    text = _text(path)
    try:
        plain = read_mapping(text, _NAME, "connectors")
        found = ConnectorFile.model_validate(plain)
    except BadMapError as error:
        raise _invalid(error.message, error.field, error.line) from error
    except ValidationError as error:
        raise _first_of(error, text) from None  # its input may hold a password
    return [
        _connector(each, path.absolute().parent, line_at(text, ("connectors", at)))
        for at, each in enumerate(found.connectors)
    ]


def _connector(entry: ConnectorEntry, folder: Path, line: int | None) -> Connector:
    try:
        log_map = load_map(folder / entry.map)
        limit = stated(log_map.case.limit)
    except BadInputError as error:
        message = f"连接器 {entry.name} 的对照表 {entry.map} 不能用：{error.message}"
        raise _invalid(message, "map", line) from error
    if log_map.source != entry.source:
        message = (
            f"连接器 {entry.name} 的 source 是 {entry.source}，"
            f"而对照表 {entry.map} 写的是 {log_map.source}；请改成一致。"
        )
        raise _invalid(message, "source", line)
    return Connector(
        name=entry.name,
        source=entry.source,
        log_map=log_map,
        limit=limit,
        place=_place(entry, folder),
    )


def _place(entry: ConnectorEntry, folder: Path) -> Folder | View:
    if entry.folder is not None:
        given = entry.folder
        moves = given.done == "move"
        path = folder / given.path
        return Folder(path=path, pattern=given.pattern, every=given.every, moves=moves)
    if entry.database is None:
        raise ValueError(entry.name)  # the model lets nobody pass without a place
    base = entry.database
    return View(
        url=base.url,
        view=base.view or "",
        query=base.query or "",
        updated=base.updated or "",
        every=base.every,
    )


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            message = f"{path} 超过 1 MiB，不像是{_NAME}，请核对文件名。"
            raise BadConnectorsError("connectors-unreadable", message)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{_NAME} {path} 不是 UTF-8 编码，请另存为 UTF-8。"
        raise BadConnectorsError("connectors-unreadable", message) from error
    except OSError as error:
        message = f"无法读取{_NAME} {path}：请核对路径和读取权限。"
        raise BadConnectorsError("connectors-unreadable", message) from error


def _first_of(error: ValidationError, text: str) -> BadConnectorsError:
    # a name that does not exist before one that is missing: it is most often the same slip
    found = error.errors(include_url=False, include_context=False, include_input=False)
    first = min(found, key=lambda each: each["type"] != "extra_forbidden")
    where, kind = first["loc"], first["type"]
    if kind == "extra_forbidden":
        words = f"没有这一项，请删去或改正；这里可以写 {'、'.join(_known(where[:-1]))}。"
    elif kind == "string_pattern_mismatch":
        words = _PATTERNS[str(where[-1])]
    else:
        words = _WORDS.get(kind, first["msg"])
    field = ".".join(map(str, where))
    return _invalid(f"{field}：{words}" if field else words, field, line_at(text, where))


def _known(where: Sequence[int | str]) -> Sequence[str]:
    if not where:
        return list(ConnectorFile.model_fields)
    return list(_PARTS.get(str(where[-1]), ConnectorEntry).model_fields)


def _invalid(message: str, field: str | None, line: int | None) -> BadConnectorsError:
    return BadConnectorsError("connectors-invalid", message, field=field or None, line=line)
