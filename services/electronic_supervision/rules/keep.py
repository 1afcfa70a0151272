"""Keep the rules: lead one through its life, and bring those of a release."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import assert_never

import asyncpg

from kernel.handle import Handler
from kernel.relay.epoch import current
from services.electronic_supervision.amendment import amended, wake_since
from services.electronic_supervision.domain.patterns.cumulation import circle
from services.electronic_supervision.domain.refused import Refused
from services.electronic_supervision.domain.rules.demands import Cumulation
from services.electronic_supervision.domain.rules.life import LIFE
from services.electronic_supervision.domain.rules.life_acts import (
    ActivateRule,
    Command,
    DraftRule,
    Event,
    RuleActivated,
    RuleDrafted,
    RuleRehearsed,
    RuleRetired,
    RuleShadowed,
    RuleShipped,
    ShipRule,
)
from services.electronic_supervision.domain.rules.life_stages import Life
from services.electronic_supervision.rules.read import read_rule
from services.electronic_supervision.rules.shelf import FOUNDING, book_of, lacks_clause, shipped
from services.electronic_supervision.rules.store import CODEC, load_lives, stream_of

# several processes may start at once
ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('rules of the release'))"
RELEASE: Mapping[str, str] = {"by": "release"}


async def changed(connection: asyncpg.Connection, events: Sequence[Event]) -> None:
    """Write what follows from any change of a rule, in the transaction that records it.

    Drafts and rehearsals change nothing that judges, and a shadow no verdict; of all that a release
    brings, `bring_shipped` tells at once.
    """
    days = [day for each in events if (day := _turn(each)) is not None]
    if any(isinstance(each, RuleShadowed) for each in events) or days:
        await amended(connection)
    if days:
        await wake_since(connection, min(days))


def _turn(event: Event) -> date | None:
    """Return the local day from which verdicts may be others."""
    match event:
        case RuleActivated(effective_from=day):
            return day
        case RuleRetired(day=day):
            return day
        case RuleShipped() | RuleDrafted() | RuleRehearsed() | RuleShadowed():
            return None
        case _:
            assert_never(event)


async def carry_out(
    connection: asyncpg.Connection,
    command: Command,
    *,
    now: datetime,
    acting: Mapping[str, str],
    key: str | None = None,
) -> Sequence[Event]:
    """Return what a command made happen, nothing if its wish was already true.

    `now` is aware; `acting` tells by whom and in which role; a `key` of the caller's own makes
    telling it again harmless. Raises Refused (also `rule-other-id`: the document is of another
    rule, `rules-circular`: cumulations would count each other for ever, and `clause-missing`: it
    would hold people to a clause nobody has named), BadRuleError and what
    kernel.handle.Handler.handle raises.
    """
    if isinstance(command, DraftRule | ShipRule):
        _make_sure_of(command)
    if isinstance(command, ActivateRule):
        await _may_hold(connection, command)
    handler: Handler[Command, Event, Life] = Handler(
        decider=LIFE,
        codec=CODEC,
        publish=lambda _events: (),
        project=changed,
        epoch=await current(connection),
    )
    return await handler.handle(
        connection,
        stream_of(command.id),
        command,
        now=now,
        key=None if key is None else f"{acting['by']}\n{key}",
        metadata=acting,
    )


def _make_sure_of(command: DraftRule | ShipRule) -> None:
    if read_rule(command.document).rule.id != command.id:
        raise Refused("rule-other-id", field="document")


async def _may_hold(connection: asyncpg.Connection, command: ActivateRule) -> None:
    lives = await load_lives(connection)
    version = lives.get(command.id, LIFE.initial).version(command.version)
    rule = read_rule(version.document).rule
    if lacks_clause(rule):
        raise Refused("clause-missing", field="document")
    if isinstance(rule.demand, Cumulation):
        rules = (each.rule for each in book_of(lives.values()).entries)
        named = {each.id: each.demand.of for each in rules if isinstance(each.demand, Cumulation)}
        if command.id in circle({**named, command.id: rule.demand.of}):
            raise Refused("rules-circular", field="document")


async def bring_shipped(
    connection: asyncpg.Connection, now: datetime, today: date
) -> Sequence[Event]:
    """Record the rules of this release: new ones active, other texts of known ones as drafts.

    They hold from `today` (local) on, whatever day their document names, lest what was done before
    anybody knew of them be held against it; only what has judged all along goes on as it did. A
    rule that lacks its clause is on trial. All or nothing; told again, nothing happens.
    """
    async with connection.transaction():
        await connection.execute(ONE_AT_A_TIME)
        lives = await load_lives(connection)
        new = {id_ for id_ in shipped() if id_ not in lives}
        if new:  # lock: before the first append, as whoever else amends the law does
            await amended(connection)
            await wake_since(connection, today)
        happened: list[Event] = []
        for id_, document in shipped().items():
            founding = id_ in FOUNDING
            wish = ShipRule(
                id=id_,
                document=document.text,
                effective_from=document.rule.effective_from if founding else today,
                on_trial=lacks_clause(document.rule),
            )
            happened += await carry_out(connection, wish, now=now, acting=RELEASE)
    return happened
