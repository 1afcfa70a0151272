"""What happened to an entry, in words for officials."""

from collections.abc import Mapping, Sequence

import asyncpg

from kernel.access.policy import ROLE_WORDS, Role
from kernel.store.store import load
from services.evaluation.document.headings import DUTY_WORDS, GROUP_WORDS
from services.evaluation.forms.history import ChangeView
from services.evaluation.reading.day import ZONE
from services.evaluation.reading.names import Names, names
from services.evaluation.store import Kind

WHAT: Mapping[str, str] = {
    "registered": "登记",
    "renamed": "更名为“{name}”",
    "regrouped": "调整到“{group}”组",
    "alias-added": "增加对应代码：{alias}",
    "alias-removed": "取消对应代码：{alias}",
    "closed": "撤销",
    "section-opened": "设立，名称“{name}”",
    "section-renamed": "更名为“{name}”",
    "section-closed": "撤销",
    "post-established": "设立，名称“{name}”",
    "post-renamed": "更名为“{name}”",
    "holder-appointed": "任用{person}为 {place} 岗",
    "holder-relieved": "免去{person}的 {place} 岗",
    "holder-went-away": "{place} 岗{person}离岗",
    "holder-returned": "{place} 岗{person}返岗",
    "post-abolished": "撤销",
    "person-joined": "到任：{at}",
    "person-renamed": "更名为“{name}”",
    "person-moved": "调动：{at}",
    "person-left": "离任",
}


async def history(
    connection: asyncpg.Connection, kind: Kind, code: str
) -> Sequence[Mapping[str, object]]:
    """Return entries for a time line, the latest first."""
    changes = [ChangeView.of(each) for each in await load(connection, kind.stream_of(code))]
    mentioned = {
        code
        for each in changes
        for code in (each.unit, each.section, each.person, each.successor)
        if code
    }
    called = await names(connection, mentioned)
    return [_entry(each, called) for each in reversed(changes)]


def _entry(change: ChangeView, called: Names) -> Mapping[str, object]:
    return {
        "kind": "plain",
        "counts": True,
        "at": _when(change),
        "what": _what(change, called),
        "lines": [each for each in (_more(change, called), _who(change)) if each],
        "id": "",
    }


def _what(change: ChangeView, called: Names) -> str:
    alias = change.alias and f"{change.alias.source} 的 {change.alias.code}"
    return WHAT[change.kind].format(
        name=change.name,
        group=change.group and GROUP_WORDS[change.group],
        alias=alias,
        place=change.place,
        person=_named("person", change.person, called),
        at=_at(change, called),
    )


def _when(change: ChangeView) -> str:
    if change.kind == "holder-went-away":
        last = f"至 {change.last_day}" if change.last_day else "起，返岗日未定"
        return f"{change.first_day} {last}"
    return f"自 {change.effective_from} 起" if change.effective_from else "即时"


def _more(change: ChangeView, called: Names) -> str:
    if change.kind == "registered":
        aliases = "，".join(f"{each.source} 的 {each.code}" for each in change.aliases or ())
        group = GROUP_WORDS[change.group] if change.group else ""
        return f"名称“{change.name}”，组别“{group}”" + (f"；对应代码：{aliases}" if aliases else "")
    if change.successor:
        return f"由{_named('unit', change.successor, called)}承接"
    return ""


def _who(change: ChangeView) -> str:
    role = ROLE_WORDS[Role(change.role)] if change.role in set(Role) else ""
    unit = f"（{change.for_unit}）" if change.for_unit else ""
    by = f"{role}{unit} {change.by or '经办人不详'}".strip()
    return f"{by} 于 {change.recorded_at.astimezone(ZONE):%Y-%m-%d %H:%M} 办理"


def _at(change: ChangeView, called: Names) -> str:
    duty = DUTY_WORDS[change.duty] if change.duty else ""
    parts = (
        _named("unit", change.unit, called),
        _named("section", change.section, called),
        duty,
    )
    return "，".join(each for each in parts if each)


def _named(kind: str, code: str | None, called: Names) -> str:
    return called.get((kind, code), code) if code else ""
