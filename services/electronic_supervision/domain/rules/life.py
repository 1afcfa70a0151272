"""The life of a rule: drafted, rehearsed, shadow, active, retired; nothing acts unrehearsed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import assert_never

from kernel.decider import Decider
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.rules.life_acts import (
    ActivateRule,
    Command,
    DraftRule,
    Event,
    NoteRehearsal,
    RetireRule,
    RuleActivated,
    RuleDrafted,
    RuleRehearsed,
    RuleRetired,
    RuleShadowed,
    RuleShipped,
    ShadowRule,
    ShipRule,
)
from services.electronic_supervision.domain.rules.life_stages import (
    Active,
    Draft,
    Life,
    Rehearsed,
    Retired,
    Shadow,
    Stage,
    Version,
    digest_of,
)


def decide(command: Command, life: Life) -> Sequence[Event]:
    """Say what happens; nothing if it is so already. Raises Refused.

    Codes: `version-unknown`, `version-not-next`, `version-settled` (shadow, active or ended: only
    another version can be drafted), `rehearsed-another` (not this text), `rule-not-rehearsed`,
    `rule-active` (can't go back to shadow), `rule-retired`, `effective-in-the-past`,
    `effective-not-after` (the last active version), `reason-missing`.
    """
    match command:
        case ShipRule():
            return _ship(command, life)
        case DraftRule():
            return _draft(command, life)
        case NoteRehearsal():
            return _rehearse(command, life.version(command.version))
        case ShadowRule():
            return _shadow(command, life.version(command.version))
        case ActivateRule():
            return _activate(command, life.version(command.version), life)
        case RetireRule():
            return _retire(command, life.version(command.version))
        case _:
            assert_never(command)


def evolve(life: Life, event: Event) -> Life:
    """Return the life of a rule after an event."""
    match event:
        case RuleShipped(effective_from=day, on_trial=on_trial):
            stage: Stage = Shadow(effective_from=day) if on_trial else Active(effective_from=day)
            return _written(life, event, stage)
        case RuleDrafted():
            return _written(life, event, Draft())
        case RuleRehearsed():
            return _rehearsed(life, event)
        case RuleShadowed(effective_from=day):
            return _staged(life, event.version, Shadow(effective_from=day))
        case RuleActivated(effective_from=day):
            ended = tuple(_until(each, day) for each in life.versions[: event.version - 1])
            ended += life.versions[event.version - 1 :]
            then = replace(life, versions=ended)
            return _staged(then, event.version, Active(effective_from=day))
        case RuleRetired(day=day, reason=reason):
            was = life.versions[event.version - 1].stage
            if isinstance(was, Retired):
                return life
            return _staged(life, event.version, Retired(day=day, reason=reason, was=was))
        case _:
            assert_never(event)


LIFE: Decider[Command, Event, Life] = Decider(initial=Life(), decide=decide, evolve=evolve)


def _ship(command: ShipRule, life: Life) -> Sequence[Event]:
    digest = digest_of(command.document)
    if digest in life.digests:
        return []
    if life.versions:  # what judges is the city's to change: a release only proposes
        number = len(life.versions) + 1
        return [_drafted(command.id, number, command.document, release=True)]
    shipped = RuleShipped(
        id=command.id,
        version=1,
        document=command.document,
        digest=digest,
        effective_from=command.effective_from,
        on_trial=command.on_trial,
    )
    return [shipped]


def _draft(command: DraftRule, life: Life) -> Sequence[Event]:
    drafted = _drafted(command.id, command.version, command.document)
    if command.version == len(life.versions) + 1:
        return [drafted]
    if not 1 <= command.version <= len(life.versions):
        raise Refused("version-not-next", field="version")
    known = life.version(command.version)
    if known.digest == drafted.digest:
        return []
    if not isinstance(known.stage, Draft | Rehearsed):
        raise Refused("version-settled", field="version")
    return [drafted]


def _rehearse(command: NoteRehearsal, version: Version) -> Sequence[Event]:
    if command.digest != version.digest:
        raise Refused("rehearsed-another", field="digest")
    if command.rehearsal in version.rehearsals:
        return []
    match version.stage:
        case Draft() | Rehearsed() | Shadow():
            noted = RuleRehearsed(
                id=command.id,
                version=command.version,
                digest=command.digest,
                rehearsal=command.rehearsal,
                figures=command.figures,
            )
            return [noted]
        case Active() | Retired():
            raise Refused("version-settled", field="version")
        case _:
            assert_never(version.stage)


def _shadow(command: ShadowRule, version: Version) -> Sequence[Event]:
    match version.stage:
        case Rehearsed():
            shadowed = RuleShadowed(
                id=command.id,
                version=command.version,
                digest=version.digest,
                effective_from=command.today,
            )
            return [shadowed]
        case Shadow():
            return []
        case Draft():
            raise Refused("rule-not-rehearsed", field="version")
        case Active():
            raise Refused("rule-active", field="version")
        case Retired():
            raise Refused("rule-retired", field="version")
        case _:
            assert_never(version.stage)


def _activate(command: ActivateRule, version: Version, life: Life) -> Sequence[Event]:
    match version.stage:
        case Active(effective_from=day) if day == command.effective_from:
            return []
        case Active():
            raise Refused("rule-active", field="version")
        case Draft():
            raise Refused("rule-not-rehearsed", field="version")
        case Retired():
            raise Refused("rule-retired", field="version")
        case Shadow() if not version.rehearsals:  # a release put it on trial
            raise Refused("rule-not-rehearsed", field="version")
        case Rehearsed() | Shadow():
            pass
        case _:
            assert_never(version.stage)
    if command.effective_from < command.today:
        raise Refused("effective-in-the-past", field="effective_from")
    if any(command.effective_from <= day for day in _begins(life)):
        raise Refused("effective-not-after", field="effective_from")
    activated = RuleActivated(
        id=command.id,
        version=command.version,
        digest=version.digest,
        effective_from=command.effective_from,
    )
    return [activated]


def _retire(command: RetireRule, version: Version) -> Sequence[Event]:
    if isinstance(version.stage, Retired):
        return []
    if not command.reason.strip():
        raise Refused("reason-missing", field="reason")
    if command.day < command.today:
        raise Refused("effective-in-the-past", field="day")
    return [
        RuleRetired(id=command.id, version=command.version, day=command.day, reason=command.reason)
    ]


def _drafted(id_: str, number: int, document: str, *, release: bool = False) -> RuleDrafted:
    return RuleDrafted(
        id=id_, version=number, document=document, digest=digest_of(document), release=release
    )


def _begins(life: Life) -> Sequence[date]:
    stages = (each.stage for each in life.versions)
    held = (stage.was if isinstance(stage, Retired) else stage for stage in stages)
    return [stage.effective_from for stage in held if isinstance(stage, Active)]


def _until(version: Version, day: date) -> Version:
    if not isinstance(version.stage, Active | Shadow) or version.stage.until is not None:
        return version
    return replace(version, stage=replace(version.stage, until=day))


def _written(life: Life, event: RuleShipped | RuleDrafted, stage: Stage) -> Life:
    new = Version(number=event.version, document=event.document, digest=event.digest, stage=stage)
    return replace(_placed(life, new), digests=life.digests | {event.digest})


def _staged(life: Life, number: int, stage: Stage) -> Life:
    return _placed(life, replace(life.versions[number - 1], stage=stage))


def _placed(life: Life, version: Version) -> Life:
    at = version.number
    versions = (*life.versions[: at - 1], version, *life.versions[at:])
    return replace(life, versions=versions)


def _rehearsed(life: Life, event: RuleRehearsed) -> Life:
    version = life.versions[event.version - 1]
    stage: Stage = Rehearsed(rehearsal=event.rehearsal, figures=event.figures)
    if isinstance(version.stage, Shadow):
        stage = version.stage  # rehearsed once more, while it is tried out
    noted = replace(version, rehearsals=version.rehearsals | {event.rehearsal}, stage=stage)
    return _placed(life, noted)
