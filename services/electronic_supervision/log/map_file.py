"""Load a map from its YAML file, or say in plain words what is wrong with it."""

from pathlib import Path

from pydantic import BaseModel, ValidationError

from services.electronic_supervision.log.entry import CASE_TIMES, STEP_TIME
from services.electronic_supervision.log.map import CaseMap, Constant, EventMap, Limit, LogMap
from services.electronic_supervision.log.refusal import BadMapError
from services.electronic_supervision.log.times import time_reader
from services.electronic_supervision.log.yaml_text import read_mapping

_MAX_BYTES = 1 << 20

_PARTS: dict[tuple[int | str, ...], type[BaseModel]] = {
    (): LogMap,
    ("case",): CaseMap,
    ("case", "limit"): Limit,
    ("event",): EventMap,
}

_WORDS = {
    "missing": "缺少这一项，请补上。",
    "string_type": "请写一个词，不要留空。",
    "string_pattern_mismatch": "请写 CloudEvents 来源，例如 /city/permits，不要有空格。",
    "tuple_type": '请写成列表，例如 ["%Y/%m/%d %H:%M:%S"]。',
    "model_type": "请写成“键: 值”的形式，并缩进在下一行。",
}


def load_map(path: Path) -> LogMap:
    """Read and check a map.

    Raises BadMapError: `map-unreadable` (no such file, a directory, not UTF-8, over 1 MiB),
    `map-not-yaml`, or `map-invalid` with the field's path, for one thing that is wrong.
    """
    plain = read_mapping(_text(path))
    try:
        log_map = LogMap.model_validate(plain)
    except ValidationError as error:
        raise _first_of(error) from error
    _check_constant_times(log_map)
    return log_map


def _text(path: Path) -> str:
    if path.is_dir():
        raise BadMapError("map-unreadable", f"{path} 是一个目录，请给出映射文件（.yaml）。")
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise BadMapError("map-unreadable", f"找不到映射文件 {path}，请检查路径。") from error
    except OSError as error:
        message = f"无法读取映射文件 {path}，请检查文件的读取权限。"
        raise BadMapError("map-unreadable", message) from error
    if len(content) > _MAX_BYTES:
        message = f"{path} 超过 1 MiB，不像是映射文件，请检查是否与日志文件写反了。"
        raise BadMapError("map-unreadable", message)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"映射文件 {path} 不是 UTF-8 编码，请另存为 UTF-8。"
        raise BadMapError("map-unreadable", message) from error


def _first_of(error: ValidationError) -> BadMapError:
    # a name that does not exist before one that is missing: it is most often the same slip
    first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    where = first["loc"]
    field = ".".join(map(str, where))
    kind = first["type"]
    if kind == "extra_forbidden":
        known = "、".join(_PARTS[where[:-1]].model_fields)
        words = f"没有这一项，请删去或改正；这里可以写 {known}。"
    elif where[:2] == ("case", "limit") and kind == "model_type":
        words = "请写成 {working_days: 15} 的形式。"
    elif where[:2] == ("case", "limit") and kind != "limit":
        words = "天数请写 1 到 36500 的整数，小时数请写大于 0、不超过 876000 的数。"
    elif first["input"] is None and kind in ("mapped", "model_type"):
        words = "写了名称却没有内容，请补上，或删去这一项。"
    else:
        words = _WORDS.get(kind, first["msg"])
    return BadMapError("map-invalid", f"{field}：{words}", field=field)


def _check_constant_times(log_map: LogMap) -> None:
    read = time_reader(log_map.timezone, log_map.time_formats)
    mapped = {f"case.{name}": getattr(log_map.case, name) for name in CASE_TIMES}
    if log_map.event:
        mapped[STEP_TIME] = log_map.event.at
    for field, given in mapped.items():
        if isinstance(given, Constant) and read(given.value) is None:
            message = f"{field}：看不懂固定值“{given.value}”这个时间，请写成 2019-04-25 09:32:09。"
            raise BadMapError("map-invalid", message, field=field)
