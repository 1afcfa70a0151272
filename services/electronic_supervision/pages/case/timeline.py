"""The time line of a case as a page shows it: what happened, when that was told, what followed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic_core import from_json

from contracts.approvals import CaseFact, FactVoided, TimeKnown
from kernel.store.events import StoredEvent
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.hearing import fact_of, moment_of
from services.electronic_supervision.pages.case.facts import Named, fact_lines
from services.electronic_supervision.pages.case.judgements import (
    Raising,
    badge,
    because_words,
    why,
)
from services.electronic_supervision.pages.words import instant_words, moment_words
from services.electronic_supervision.reading.case_record import Opened
from services.electronic_supervision.reading.quarantine_words import WHY, event_words
from services.electronic_supervision.reading.timeline import Entry, timeline
from services.electronic_supervision.record import Told

LATE = timedelta(hours=24)
"""What arrives so long after it happened is marked as reported late."""

A_MOMENT = timedelta(minutes=1)
DOORS = {"http": "接口", "bus": "消息总线", "connector": "连接器"}
NO_MORE = "不再成立"
HOLDS_BACK = "处理以前，该办件不发牌"
WHO = {"operator": "操作员"}
SETTLED = {"released": "消息已读取", "discarded": "消息已作废", "moved": "消息另属其他办件"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One entry of the line; `when` orders it, `anchor` is its place on the page."""

    when: datetime
    anchor: str
    kind: str
    at: str
    what: str
    tags: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    noted: str = ""
    id: str = ""
    url: str = ""
    is_struck: bool = False


def kinds_of(opened: Opened) -> Mapping[str, str]:
    """Return the word for each fact of a case, by its id."""
    return {each.event.id: event_words(each.event.type) for each in opened.record.told}


def anchors_of(opened: Opened) -> Mapping[str, str]:
    """Return the place on the page of each fact, by its id."""
    return {each.event.id: f"f-{each.position}" for each in opened.record.told}


def shown_line(
    opened: Opened, raisings: Sequence[Raising], office: Office, now: datetime, named: Named
) -> list[Shown]:
    """Return the entries of the time line, in the order in which things happened."""
    told = {each.position: each for each in opened.record.told}
    raised = {each.position: each for each in raisings}
    lifted = {each.lifted: each for each in raisings if each.lifted is not None}
    entries = list(zip(opened.events, timeline(opened, office), strict=True))
    struck = _struck(opened, [entry for _, entry in entries], office)
    kinds = kinds_of(opened)
    found = []
    for stored, entry in entries:
        if (fact := told.get(stored.position)) is not None:
            found.append(_fact(fact, entry, struck, office, now, named))
        elif (up := raised.get(stored.position)) is not None:
            found.append(_raised(up, office, now))
        elif (down := lifted.get(stored.position)) is not None:
            found.append(_lifted(down, stored, kinds, office, now))
        elif entry.what in {"MessageQuarantined", "MessageSettled"}:
            found.append(_message(stored, entry, office, now))
    return sorted(found, key=lambda each: each.when)  # stable: then as it was recorded


def _struck(opened: Opened, entries: Iterable[Entry], office: Office) -> set[str]:
    """Return the facts that were voided or corrected, also those on which no verdict rests."""
    counts = {entry.id for entry in entries if entry.counts}
    told = opened.record.told
    idle = {each.event.id for each in told if fact_of(each.event, each.recorded_at, office) is None}
    found = {each.event.id for each in told} - counts - idle
    for each in told:
        data = each.event.data
        if each.event.id in found or not isinstance(data, CaseFact):
            continue
        targets = (data.corrects, data.voids if isinstance(data, FactVoided) else None)
        found.update(target for target in targets if target is not None and target in idle)
    return found


def _fact(
    told: Told, entry: Entry, struck: set[str], office: Office, now: datetime, named: Named
) -> Shown:
    event, zone = told.event, office.zone
    known = event.data.time_known if isinstance(event.data, CaseFact) else TimeKnown.INSTANT
    at = moment_of(event.time, known, office)
    lag = told.recorded_at - at.latest
    heard = f"{instant_words(told.recorded_at, zone, now)} 收到"
    if entry.noted_at is not None and (noted := _noted(entry.noted_at, zone, now)):
        heard = f"{noted} 记录，{heard}"
    door = DOORS.get(entry.door or "", "")
    return Shown(
        when=at.earliest,
        anchor=f"f-{told.position}",
        kind="fact",
        at=moment_words(at, zone, now),
        what=event_words(event.type),
        tags=(f"{lag.days}天后收到",) if lag >= LATE else (),
        lines=tuple(fact_lines(event.data, named, zone)),
        noted=f"{heard}（{door}）" if door else heard,
        id=event.id,
        is_struck=event.id in struck,
    )


def _noted(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    try:
        return instant_words(at, zone, now)
    except OverflowError:
        return ""


def _raised(each: Raising, office: Office, now: datetime) -> Shown:
    told = badge(each)
    fired = each.evidence.fired_at
    late = each.raised_at - fired > A_MOMENT
    return Shown(
        when=fired,
        anchor=f"t-{each.position}",
        kind=told["kind"],
        at=instant_words(fired, office.zone, now),
        what=f"判定：{told['level']}",
        tags=tuple(
            word for word in (told["clock"], "" if each.lifted is None else NO_MORE) if word
        ),
        lines=(why(each, office, now),),
        noted=f"{instant_words(each.raised_at, office.zone, now)} 作出" if late else "",
        url=f"#{each.anchor}",
    )


def _lifted(
    each: Raising, stored: StoredEvent, kinds: Mapping[str, str], office: Office, now: datetime
) -> Shown:
    return Shown(
        when=stored.recorded_at,
        anchor=f"t-{stored.position}",
        kind="lifted",
        at=instant_words(stored.recorded_at, office.zone, now),
        what=f"{badge(each)['level']}不再成立",
        lines=(f"原因：{because_words(each.because, kinds)}",),
        url=f"#{each.anchor}",
    )


def _message(stored: StoredEvent, entry: Entry, office: Office, now: datetime) -> Shown:
    how = entry.data.get("how")
    about = from_json(stored.metadata)
    if how is None:
        what, lines = "有消息无法读取", [WHY.get(entry.data["code"], "无法读取"), HOLDS_BACK]
    else:
        what, lines = SETTLED.get(how, "消息已处理"), []
        if reason := about.get("reason"):
            lines.append(f"理由：{reason}")
        if who := about.get("by", about.get("who")):  # before there were roles
            lines.append(f"处理人：{WHO.get(who, who)}")
    return Shown(
        when=stored.recorded_at,
        anchor=f"t-{stored.position}",
        kind="lead" if how is None else "lifted",
        at=instant_words(stored.recorded_at, office.zone, now),
        what=what,
        lines=tuple(lines),
        url=f"/console/quarantine/{entry.data['message']}",
    )
