"""Every judgement ever made of a case: when and why, what lifted it, and what stands instead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.registry import PUBLISHED
from kernel.store.events import StoredEvent
from services.electronic_supervision.domain.engine import JudgementRaised, JudgementSuperseded
from services.electronic_supervision.domain.judgement import Evidence, Judgement
from services.electronic_supervision.domain.stages import Level
from services.electronic_supervision.domain.time.office import Office
from services.electronic_supervision.pages.words import (
    KINDS,
    WITHHELD,
    clock_words,
    day_words,
    end_words,
    instant_words,
)
from services.electronic_supervision.record import CODEC

GRAVITY = (
    Level.LEAD,
    Level.REMINDER,
    Level.YELLOW_LEAD,
    Level.RED_LEAD,
    Level.YELLOW,
    Level.RED,
)
LEADS = {Level.YELLOW_LEAD: "黄牌", Level.RED_LEAD: "红牌"}


@dataclass(slots=True, kw_only=True)
class Raising:
    """A judgement from when it was raised until it was lifted, if it was.

    Positions are those of the record. What is raised, lifted and raised again is there twice.
    """

    position: int
    judgement: Judgement
    evidence: Evidence
    raised_at: datetime
    lifted: int | None = None
    lifted_at: datetime | None = None
    because: str = ""
    instead: str | None = None
    """The judgement that stands instead, by its id."""

    @property
    def anchor(self) -> str:
        """Return where it is on the page."""
        return f"j-{self.position}"


def history(events: Iterable[StoredEvent]) -> list[Raising]:
    """Return all judgements of a case, in the order in which they were raised."""
    found: list[Raising] = []
    standing: dict[str, Raising] = {}
    for stored in events:
        if stored.type in PUBLISHED:
            continue
        match CODEC.decode(stored.type, stored.data):
            case JudgementRaised(judgement=judgement, evidence=evidence):
                raising = Raising(
                    position=stored.position,
                    judgement=judgement,
                    evidence=evidence,
                    raised_at=stored.recorded_at,
                )
                standing[judgement.id] = raising
                found.append(raising)
            case JudgementSuperseded(judgement=id_, because=because, replaced_by=instead):
                if (lifted := standing.pop(id_, None)) is not None:
                    lifted.lifted, lifted.lifted_at = stored.position, stored.recorded_at
                    lifted.because, lifted.instead = because, instead
    return found


def standing_of(raisings: Iterable[Raising]) -> list[Raising]:
    """Return what stands, the gravest first."""
    stand = [each for each in raisings if each.lifted is None]
    return sorted(stand, key=_gravity, reverse=True)


def _gravity(each: Raising) -> tuple[int, datetime]:
    return GRAVITY.index(each.judgement.level), each.evidence.fired_at


def instead_of(each: Raising, raisings: Iterable[Raising]) -> Raising | None:
    """Return the judgement that stood instead of a lifted one from then on."""
    if each.lifted is None:
        return None
    return next(
        (
            other
            for other in raisings
            if other.judgement.id == each.instead
            and (other.lifted is None or other.lifted > each.lifted)
        ),
        None,
    )


def badge(each: Raising) -> Mapping[str, str]:
    """Return the kind and the word of a judgement's badge."""
    kind, words = KINDS[each.judgement.level.value]
    clock = each.judgement.clock
    return {"kind": kind, "level": words, "clock": "" if clock == "total" else clock_words(clock)}


def why(each: Raising, office: Office, now: datetime) -> str:
    """Say why a judgement was made, and of a lead why it is no card."""
    level, limit = each.judgement.level, each.evidence.limit
    if limit is None:
        return f"{each.evidence.message}{_in_doubt(each)}"
    due = end_words(limit, office, now)
    if level is Level.REMINDER:
        return f"时限{due}届满，提前提醒。"
    if level in LEADS:
        return f"时限{due}届满{_in_doubt(each)}"
    if level is Level.RED:
        red = day_words(each.judgement.due_on, office.local_date(now))
        return f"时限{due}届满，其后的督办期限至{red}也已届满，没有按期办结。"
    return f"时限{due}届满，没有按期办结。"


def _in_doubt(each: Raising) -> str:
    """Say which card a lead would have been, and why it is none."""
    level, withheld = each.judgement.level, each.evidence.withheld
    if level not in LEADS:
        return ""
    doubt = WITHHELD.get(withheld, withheld)
    return f"，本应{LEADS[level]}；因“{doubt}”，不发牌，只作线索，须人工核查。"


def because_words(because: str, facts: Mapping[str, str]) -> str:
    """Say what made a judgement hold no more; `facts` are the words for facts by their ids."""
    kind, _, about = because.partition(":")
    match kind:
        case "fact":
            return f"收到“{facts[about]}”（{about}）" if about in facts else f"收到 {about}"
        case "calendar":
            return f"日历更新为 {about}"
        case "rule":
            rule, _, version = about.partition("/")
            return f"规则改为 {rule} 第{version}版"
        case "law":
            return "监察依据（事项目录、登记册或规则）有变更"
        case "quarantine":
            return "隔离区中有关该办件的消息有变化"
        case _:
            return "时间已到"


def rows(
    raisings: Sequence[Raising], office: Office, now: datetime, facts: Mapping[str, str]
) -> Sequence[Mapping[str, object]]:
    """Word all judgements for the table, the latest first."""
    zone = office.zone
    found = {each.anchor: instead_of(each, raisings) for each in raisings}
    instead = {anchor: other.anchor for anchor, other in found.items() if other is not None}
    levels = {each.anchor: badge(each)["level"] for each in raisings}
    before: dict[str, list[str]] = {}
    for anchor, other in instead.items():
        before.setdefault(other, []).append(anchor)
    return [
        {
            **badge(each),
            "id": each.judgement.id,
            "anchor": each.anchor,
            "due": _due(each, office, now),
            "fired": instant_words(each.evidence.fired_at, zone, now),
            "raised": instant_words(each.raised_at, zone, now),
            "why": why(each, office, now),
            "stands": each.lifted is None,
            "lifted": "" if each.lifted_at is None else instant_words(each.lifted_at, zone, now),
            "because": because_words(each.because, facts) if each.lifted else "",
            "instead": _link(instead.get(each.anchor), levels),
            "replaces": [_link(anchor, levels) for anchor in before.get(each.anchor, [])],
            "basis": _basis(each),
        }
        for each in reversed(raisings)
    ]


def _basis(each: Raising) -> str:
    evidence = each.evidence
    if evidence.limit is None:
        return f"{evidence.clause}（规则 {each.judgement.rule} 第{evidence.rule_version}版）"
    return f"规则第{evidence.rule_version}版，日历 {evidence.calendar_version}"


def _due(each: Raising, office: Office, now: datetime) -> str:
    limit = each.evidence.limit
    return "" if limit is None else end_words(limit, office, now)


def _link(anchor: str | None, levels: Mapping[str, str]) -> Mapping[str, str] | None:
    return None if anchor is None else {"anchor": anchor, "level": levels[anchor]}
