"""Examples in the document of a rule: what happened, around what, and what has to follow."""

from datetime import UTC, datetime
from enum import StrEnum
from json import dumps
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from contracts.catalogue import Nature
from contracts.envelope import Event
from contracts.registry import PUBLISHED, event_model
from contracts.vocabulary import Code, CreditCode, Published, Text
from services.electronic_supervision.rules.forms import HEARD_TYPES, Form, WrittenLimit

CITY = ZoneInfo("Asia/Shanghai")
SOURCE = "/example"
DEFAULTS = {"case": "样例1", "unit": "样例单位", "item": "样例事项"}
"""What an event of an example says unless its author does."""

Told = Event[Published]


class Expected(StrEnum):
    """What an example comes to."""

    NOTHING = "nothing"
    LEAD = "lead"
    REMINDER = "reminder"
    YELLOW = "yellow"
    RED = "red"


def _local(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise _wrong(f"“{value}”不是时间。", "应写作 2012-03-05 09:30。") from error
    return (at.replace(tzinfo=CITY) if at.tzinfo is None else at).astimezone(UTC)


def _event(value: object) -> Told:
    if not isinstance(value, dict):
        raise _wrong("事实的写法不对。", "应写明 type、time 和各项内容。")
    said: dict[str, Any] = dict(value)
    type_ = HEARD_TYPES.get(str(said.pop("type", "")), "")
    if not type_:
        raise _wrong(f"没有“{value.get('type')}”这种事件。", "请对照《规则编写指南》的事件类型表。")
    at = _local(said.pop("time", ""))
    id_ = str(said.pop("id", ""))
    fields = PUBLISHED[type_].model_fields
    defaults = {name: each for name, each in DEFAULTS.items() if name in fields}
    envelope = {
        "specversion": "1.0",
        "id": id_ or f"{type_}/{at.isoformat()}",
        "source": SOURCE,
        "type": type_,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "data": {**defaults, **_read(said)},
    }
    try:
        return event_model(type_).model_validate_json(dumps(envelope))
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        place = ".".join(str(each) for each in detail["loc"])
        raise _wrong(f"事实中的 {place} 不合规定。", f"（{detail['msg']}）") from error


def _read(value: Any) -> Any:
    """Take whole numbers and yes or no for what they are: a document keeps all as text."""
    if isinstance(value, dict):
        return {key: _read(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_read(each) for each in value]
    if value in {"true", "false"}:
        return value == "true"
    is_number = isinstance(value, str) and value.isdecimal() and len(value) < 12
    return int(value) if is_number else value


def _wrong(wrong: str, fix: str) -> PydanticCustomError:
    return PydanticCustomError("example", "wrong", {"wrong": wrong, "fix": fix})


def _possible(tally: tuple[int, int]) -> tuple[int, int]:
    if not 0 <= tally[0] <= tally[1] <= 100_000:
        raise _wrong("次数不能大于总数。", "应写作 [次数, 总数]。")
    return tally


Local = Annotated[datetime, PlainValidator(_local)]
ToldEvent = Annotated[Any, PlainValidator(_event)]
Tally = Annotated[tuple[int, int], AfterValidator(_possible)]


class ItemForm(Form):
    """The item of the case, as far as the example needs it."""

    nature: Nature = Nature.APPROVAL
    promised: WrittenLimit | None = None
    green_card: WrittenLimit | None = None
    steps: tuple[Code, ...] = ()
    step_limit: WrittenLimit | None = None
    materials: tuple[Code, ...] = ()
    fee: Literal["none", "not-stated", "most"] = "not-stated"
    fee_most_fen: int | None = None
    guide_published: bool = False


class ApprovalForm(Form):
    """An approval of inspections, noted under its number."""

    number: Code
    unit: Code = "样例单位"
    enterprises: tuple[CreditCode, ...]
    first_day: Local
    last_day: Local
    times: int = 1


class BandForm(Form):
    """A band of discretion."""

    offence: Code
    grade: Code
    least_fen: int
    most_fen: int


class JudgementForm(Form):
    """A judgement that stands, for rules that add up."""

    level: Literal["lead", "reminder", "yellow", "red"]
    time: Local
    rule: Code = "example-rule"


class GapForm(Form):
    """A time in which something was missed; `until` null: it still is."""

    since: Local
    until: Local | None = None


class ExampleForm(Form):
    """What happened, around what, and what has to follow by `as_of`."""

    name: Text
    facts: Annotated[tuple[ToldEvent, ...], Field(max_length=200)] = ()
    item: ItemForm | None = None
    card: CreditCode | None = None
    approval: ApprovalForm | None = None
    band: BandForm | None = None
    quota: int | None = None
    judgements: tuple[JudgementForm, ...] = ()
    tallies: Annotated[tuple[Tally, ...], Field(max_length=50)] = ()
    gap: GapForm | None = None
    as_of: Local | None = None
    expect: Expected

    @property
    def expects_breach(self) -> bool:
        """Tell whether anything has to follow."""
        return self.expect is not Expected.NOTHING
