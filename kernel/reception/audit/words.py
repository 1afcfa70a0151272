"""What an auditor reads of an act: when, who in which role, what was done to what."""

import json
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from kernel.access.policy import ROLE_WORDS, Role
from kernel.reception.audit.merged import Entry

ZONE = ZoneInfo("Asia/Shanghai")
COLUMNS = ("时间", "操作人", "角色", "单位", "记录", "操作", "对象", "内容", "位置")


def row(entry: Entry) -> Mapping[str, str]:
    """Return what the columns tell of an act."""
    act = entry.act
    told = (
        f"{act.recorded_at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}",
        act.by or "（未登录）",
        role_words(act.role),
        act.unit.replace(",", "、") or "全市",
        entry.ledger.title,
        entry.ledger.words.get(act.type, act.type),
        act.stream,
        content(act.data),
        f"{entry.ledger.name}:{act.position}",
    )
    return dict(zip(COLUMNS, told, strict=True))


def role_words(role: str) -> str:
    """Name a role, as it was recorded if it is none of today's."""
    return ROLE_WORDS[Role(role)] if role in set(Role) else role


def content(data: str) -> str:
    """Return the fields of an event in one line; what is empty is left out."""
    told = json.loads(data)
    return "；".join(
        f"{name}={_value(value)}" for name, value in told.items() if value not in (None, "", [])
    )


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
