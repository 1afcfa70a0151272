"""What electronic supervision records of a case, and what a case's record tells when read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from contracts.envelope import Event
from contracts.registry import PUBLISHED, event_model
from contracts.vocabulary import Published
from kernel.codec import Codec
from kernel.intake.heard import Heard
from kernel.store.events import NewEvent, StoredEvent
from services.electronic_supervision.domain.engine import (
    JudgementRaised,
    JudgementSuperseded,
    evolve,
)
from services.electronic_supervision.domain.judgement import Judgement

NAMESPACE = UUID("9a0f7d52-7f3b-5d0e-b8f5-0d4c1c2b7e66")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageQuarantined:
    """Something was said of this case that could not be read; `code` says why."""

    message: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSettled:
    """A message left quarantine: `released`, since it could be read at last, or `discarded`.

    Or it was `moved` to another case, whose it turned out to be.
    """

    message: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedLooked:
    """Somebody looked at what not everybody may see: `what` it is, and which one."""

    what: str
    id: str


Noted = MessageQuarantined | MessageSettled
Recorded = Noted | JudgementRaised | JudgementSuperseded | RestrictedLooked

CODEC: Codec[Recorded] = Codec(
    MessageQuarantined, MessageSettled, JudgementRaised, JudgementSuperseded, RestrictedLooked
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A fact as a source told it, with where and when it was recorded."""

    event: Event[Published]
    position: int
    recorded_at: datetime


@dataclass(slots=True)
class CaseRecord:
    """The record of one case: what was told, what stands, and which messages are unread."""

    told: list[Told] = field(default_factory=list)
    standing: dict[str, Judgement] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    versions: dict[str, int] = field(default_factory=dict)
    """Of each judgement ever raised, the version of its rule that it was raised by last."""
    changes: int = 0
    """How often its judgements changed."""
    heard: list[tuple[int, datetime]] = field(default_factory=list)
    """Position and time of recording of each event that may change a judgement."""

    def add(self, stored: StoredEvent) -> None:
        """Take in the next event of the case's stream."""
        if stored.type in PUBLISHED:
            event = event_model(stored.type).model_validate_json(stored.data, extra="ignore")
            told = Told(event=event, position=stored.position, recorded_at=stored.recorded_at)
            self.told.append(told)
            self._hear(stored)
            return
        happened = CODEC.decode(stored.type, stored.data)
        match happened:
            case MessageQuarantined(message=message):
                self.unread.add(message)
                self._hear(stored)
            case MessageSettled(message=message):
                self.unread.discard(message)
                self._hear(stored)
            case JudgementRaised() | JudgementSuperseded():
                self.standing = dict(evolve(self.standing, [happened]))
                self.changes += 1
                if isinstance(happened, JudgementRaised):
                    self.versions[happened.judgement.id] = happened.evidence.rule_version
            case RestrictedLooked():  # of no case: its stream is that of a day
                pass

    def _hear(self, stored: StoredEvent) -> None:
        self.heard.append((stored.position, stored.recorded_at))


def records(events: Iterable[StoredEvent]) -> dict[str, CaseRecord]:
    """Return the records of cases by stream; the events of each come in order."""
    found: dict[str, CaseRecord] = {}
    for stored in events:
        found.setdefault(stored.stream, CaseRecord()).add(stored)
    return found


def fact_event(heard: Heard, stream: str, metadata: str) -> NewEvent:
    """Return what to record of an event heard; its id derives from what is unique about it."""
    id_ = str(uuid5(NAMESPACE, "\n".join(heard.key)))
    return NewEvent(
        stream=stream, id=id_, type=heard.event.type, data=heard.text, metadata=metadata
    )


def own_event(stream: str, happened: Recorded, cause: str, metadata: str = "{}") -> NewEvent:
    """Return what to record of our own doing; `cause` is unique among all causes of its kind."""
    type_, data = CODEC.encode(happened)
    id_ = str(uuid5(NAMESPACE, f"{stream}\n{type_}\n{cause}"))
    return NewEvent(stream=stream, id=id_, type=type_, data=data, metadata=metadata)
