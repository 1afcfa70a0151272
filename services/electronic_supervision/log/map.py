"""How the columns of another system's log are to be understood."""

import re
from datetime import UTC, datetime
from typing import Annotated, NamedTuple, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, model_validator
from pydantic_core import PydanticCustomError


class Constant(NamedTuple):
    """A text that every case has, in place of a column."""

    value: str


def _mapped(given: object) -> str | Constant:
    match given:
        case Constant():
            return given
        case str() if given.strip():
            return given.strip()
        case {"value": str(value), **others} if value.strip() and not others:
            return Constant(value.strip())
    raise PydanticCustomError("mapped", "请写列名（XES 则写属性名），或写 {value: 固定值}。")


def _zone(given: object) -> ZoneInfo:
    if isinstance(given, ZoneInfo):
        return given
    try:
        return ZoneInfo(str(given))
    except (LookupError, ValueError, OSError) as error:
        say = "没有这个时区，请写 IANA 名称，例如 Asia/Shanghai。"
        raise PydanticCustomError("zone", say) from error


def _time_format(given: object) -> str:
    text = str(given)
    if "%Z" in text:
        # strptime takes only the machine's own zone names for %Z, and then drops them
        raise PydanticCustomError("time_format", "时区缩写有歧义，不能用 %Z，请用 %z。")
    sample = datetime(2015, 10, 11, 13, 14, 15, tzinfo=UTC)
    try:
        back = datetime.strptime(sample.strftime(text), text).replace(tzinfo=UTC)
    except (ValueError, re.error) as error:
        say = "不是有效的时间格式，请参照 %Y-%m-%d %H:%M:%S 的写法。"
        raise PydanticCustomError("time_format", say) from error
    if back.date() != sample.date():
        raise PydanticCustomError("time_format", "时间格式要写全年、月、日。")
    return text


Mapped = Annotated[str | Constant, PlainValidator(_mapped)]
Zone = Annotated[ZoneInfo, PlainValidator(_zone)]
TimeFormat = Annotated[str, BeforeValidator(_time_format)]
Days = Annotated[int, Field(ge=1, le=36_500)]
Hours = Annotated[float, Field(gt=0, le=876_000, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limit(_Part):
    """Our own limit for every case: exactly one of the four is not None."""

    working_days: Days | None = None
    calendar_days: Days | None = None
    office_hours: Hours | None = None
    hours: Hours | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = (self.working_days, self.calendar_days, self.office_hours, self.hours)
        if sum(limit is not None for limit in given) != 1:
            raise PydanticCustomError(
                "limit", "请在 working_days、calendar_days、office_hours、hours 中只写一项。"
            )
        return self


class CaseMap(_Part):
    """Where a case's facts stand: a column, an attribute of the XES trace, or a constant."""

    id: Mapped
    unit: Mapped | None = None
    item: Mapped | None = None
    accepted_at: Mapped
    due_at: Mapped | None = None
    limit: Limit | None = None
    finished_at: Mapped | None = None


class EventMap(_Part):
    """Where a step's facts stand: a column, an attribute of the XES event, or a constant."""

    name: Mapped | None = None
    at: Mapped
    unit: Mapped | None = None


class LogMap(_Part):
    """A source's map. `source` is its CloudEvents source, `timezone` that of times without offset.

    `time_formats` are strptime formats, tried in order before ISO 8601 and the common forms.
    `empty` are texts that say nothing, such as NULL: a cell with one of them counts as empty.
    """

    source: Annotated[str, Field(pattern=r"^\S+$")]
    timezone: Zone = Field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    time_formats: tuple[TimeFormat, ...] = ()
    empty: frozenset[str] = frozenset()
    case: CaseMap
    event: EventMap | None = None
