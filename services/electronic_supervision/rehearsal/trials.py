"""Every night: what the rules on trial (试运行) would have said since their trials began.

All of them are held against history in one rehearsal, as it stood at midnight, at an hour when
nobody works. It counts as no rehearsal of any of them: that shows all of history, and the text.
"""

from datetime import date, datetime, time

import asyncpg

from services.electronic_supervision.domain.rules.book import RuleBook
from services.electronic_supervision.rehearsal.keep import Rehearsal, ask
from services.electronic_supervision.rehearsal.lane import CITY
from services.electronic_supervision.rehearsal.proposal import Kind, Proposal, on_trial
from services.electronic_supervision.rules.store import load_book

HOUR = 2
NIGHTLY = "nightly"
LAST = "select max(as_of) from rehearsal where kind = 'trial'"


def night_of(now: datetime) -> date | None:
    """Return the local day that has begun and whose hour has come, None before that hour."""
    local = now.astimezone(CITY)
    return local.date() if local.hour >= HOUR else None


async def ask_for_trials(connection: asyncpg.Connection, night: date, now: datetime) -> bool:
    """Ask for what all rules on trial said until a local day began, unless that was done.

    Tells whether it asked; it does not while none is on trial since before that day.
    """
    midnight = datetime.combine(night, time.min, CITY)
    last = await connection.fetchval(LAST)
    if last is not None and last >= midnight:
        return False
    if not _begun(await load_book(connection), night):
        return False
    wish = Rehearsal(
        id=f"trial-{night}",
        subject="",
        proposal=Proposal(kind=Kind.TRIAL, document=""),
        digest="",
        asked_by=NIGHTLY,
        as_of=midnight,
    )
    try:
        await ask(connection, wish, now)
    except asyncpg.UniqueViolationError:  # another process was quicker
        return False
    return True


def _begun(book: RuleBook, night: date) -> bool:
    return any(each.effective_from < night for each in on_trial(book))
