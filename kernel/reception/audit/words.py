"""What an auditor reads of an act: when, who in which role, what was done to what."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from kernel.access.policy import ROLE_WORDS, Role
from kernel.reception.audit.merged import Entry

ZONE = ZoneInfo("Asia/Shanghai")
COLUMNS = ("时间", "操作人", "角色", "单位", "记录", "操作", "对象", "内容", "位置")


FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "address": "地址",
        "aliases": "对应代码",
        "alias": "对应代码",
        "code": "代码",
        "duty": "职务",
        "effective_from": "生效日期",
        "everywhere": "全部退出",
        "expires_at": "有效期至",
        "grant": "角色",
        "grants": "角色",
        "group": "类别",
        "how": "方式",
        "id": "编号",
        "is_generated": "系统生成",
        "issuer": "认证系统",
        "message": "报文",
        "name": "名称",
        "person": "人员",
        "post": "岗位",
        "reason": "理由",
        "section": "科室",
        "source": "来源",
        "subject": "认证系统中的标识",
        "successor": "承接单位",
        "title": "姓名或者名称",
        "unit": "单位",
        "what": "内容",
    }
)
WORDS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("how", "password"): "口令",
        ("how", "oidc"): "统一身份认证",
        ("how", "released"): "重新读取",
        ("how", "discarded"): "作废",
    }
)


def row(entry: Entry) -> Mapping[str, str]:
    """Return what the columns tell of an act."""
    act = entry.act
    told = (
        f"{act.recorded_at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}",
        act.by or "（未登录）",
        role_words(act.role),
        act.unit.replace(",", "、") or ("全市" if act.role else ""),
        entry.ledger.title,
        entry.ledger.words.get(act.type, act.type),
        act.stream,
        "；".join(each for each in (content(act.data), _because(act.reason)) if each),
        f"{entry.ledger.name}:{act.position}",
    )
    return dict(zip(COLUMNS, told, strict=True))


def role_words(role: str) -> str:
    """Name a role, as it was recorded if it is none of today's."""
    return ROLE_WORDS[Role(role)] if role in set(Role) else role


def content(data: str) -> str:
    """Return the fields of an event in one line; what is empty is left out."""
    told = {name: _value(name, value) for name, value in json.loads(data).items()}
    return "；".join(f"{FIELDS.get(name, name)} {words}" for name, words in told.items() if words)


def _because(reason: str) -> str:
    return f"{FIELDS['reason']} {reason}" if reason else ""


def _value(name: str, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case str():
            return WORDS.get((name, value), value)
        case list():
            return "、".join(_value(name, each) for each in value)
        case dict() if "role" in value:
            unit = value.get("unit")
            return role_words(str(value["role"])) + (f"（{unit}）" if unit else "")
        case dict():
            return " ".join(_value(name, each) for each in value.values())
        case _:
            return str(value)
