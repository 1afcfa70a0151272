"""What the forms of the registers ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Input = Literal["text", "date", "number", "lines", "unit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a form; `lines` is a text of several lines."""

    name: str
    label: str
    input: Input = "text"
    note: str = ""


FROM = Field(name="effective_from", label="生效日期", input="date", note="自这一天起。")
END = Field(
    name="effective_from",
    label="生效日期",
    input="date",
    note="自这一天起不再有效。填最初的生效日期，则视为从未有过。",
)
REASON = Field(name="reason", label="原因")
LAST = Field(name="last_day", label="有效期至", input="date", note="这一天仍然有效。")
ENTERPRISE = Field(name="enterprise", label="企业统一社会信用代码", note="18 位。")
TIMES = Field(name="times", label="次数", input="number", note="对每个企业一年内的次数。")
APPROVAL = (
    Field(name="unit", label="检查单位代码", input="unit", note="输入代码，或者输入名称查找。"),
    Field(
        name="enterprises",
        label="企业统一社会信用代码",
        input="lines",
        note="每行一个企业。",
    ),
    Field(name="year", label="计划年度", input="number", note="例如 2026。"),
    Field(name="purpose", label="检查事由"),
    Field(name="first_day", label="开始日期", input="date"),
    Field(name="last_day", label="截止日期", input="date", note="这一天仍然可以检查。"),
    Field(name="times", label="批准次数", input="number", note="对每个企业检查的次数。"),
)
CHAIN = (
    Field(name="name", label="服务链名称"),
    Field(
        name="stages",
        label="环节",
        input="lines",
        note="按顺序每行一个环节：代码 | 名称 | 责任单位代码 | 时限。"
        "时限写作“5个工作日”、“10日”、“8个工作小时”或者“24小时”，没有的不写。",
    ),
    FROM,
)
BANDS = (
    Field(name="name", label="案由"),
    Field(name="clause", label="法律依据"),
    Field(
        name="grades",
        label="档次",
        input="lines",
        note="每行一档：代码 | 适用情形 | 最低罚款（元） | 最高罚款（元）。",
    ),
    FROM,
)
FIELDS: Mapping[str, tuple[Field, ...]] = {
    "grant": (Field(name="name", label="企业名称"), FROM, LAST),
    "renew": (LAST, FROM),
    "rename": (Field(name="name", label="新名称"), FROM),
    "suspend": (REASON, FROM),
    "resume": (FROM,),
    "withdraw-card": (REASON, END),
    "approve": APPROVAL,
    "correct": (*APPROVAL, Field(name="reason", label="更正原因")),
    "revoke": (REASON, END),
    "set-quota": (TIMES,),
    "except": (ENTERPRISE, TIMES, Field(name="reason", label="单列原因")),
    "lift": (ENTERPRISE,),
    "withdraw-quota": (REASON,),
    "publish-chain": CHAIN,
    "revise-chain": CHAIN,
    "withdraw-chain": (REASON, END),
    "set-bands": BANDS,
    "revise-bands": BANDS,
    "repeal-bands": (REASON, END),
}
"""By the names of acts."""
