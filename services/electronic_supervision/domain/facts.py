"""What city systems tell about a case, reduced to what a verdict may rest on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.electronic_supervision.domain.time.limits import Limit
from services.electronic_supervision.domain.time.moment import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An application came in (收件), or something was done that nobody applies for (检查, 处罚)."""

    unit: str
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The unit accepted the case (受理).

    `stated_due` is the end that its own system gives, `stated_limit` the limit, if any;
    `enterprise` its number in the public register, if it is for one.
    """

    unit: str
    item: str = ""
    stated_due: Moment | None = None
    stated_limit: Limit | None = None
    enterprise: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """The clock was stopped on a ground; `pause` is the source's number of the pause."""

    pause: str
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """The ground fell away (恢复)."""

    pause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted:
    """A step (环节) began with a holder; no holder: the one before keeps the case."""

    step: str
    holder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFinished:
    """A step ended."""

    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitExtended:
    """The limit was extended (延期) by so much."""

    by: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    """The case was handed over (转办) to another unit."""

    to_unit: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The unit decided (办结): the end of the agency's clock."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The result reached the applicant (送达): the end of the citizen's clock."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The applicant withdrew (撤回): the end of both clocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """A fact had been recorded by mistake (误录作废)."""

    fact: str


@dataclass(frozen=True, slots=True)
class Noted:
    """Something else happened (补正, 收费, 不予受理, …): it moves no clock of the whole case."""


Happening = (
    Begun
    | Accepted
    | Paused
    | Resumed
    | StepStarted
    | StepFinished
    | LimitExtended
    | Transferred
    | Decided
    | Delivered
    | Withdrawn
    | Voided
    | Noted
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One happening: `at` is when it took place, `recorded_at` (UTC) when its source noted it.

    `id` is unique among the facts of a case. `corrects` names the fact that this one replaces.
    `type` is that of its event, `unit` who held the case then, `fields` what the event says, where
    a rule may ask for it.
    """

    id: str
    at: Moment
    recorded_at: datetime
    what: Happening
    corrects: str | None = None
    type: str = ""
    unit: str = ""
    fields: Mapping[str, object] | None = field(default=None, compare=False, repr=False)
