"""The whole catalogue as it stands, as items and as the lines of a document."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import asyncpg

from services.electronic_supervision.catalogue.document.lines import (
    AliasLine,
    AnyLine,
    FeeKind,
    ItemLine,
    MaterialLine,
    PauseLine,
    StepLine,
)
from services.electronic_supervision.catalogue.tables import CONTENT
from services.electronic_supervision.catalogue.wording import said, yuan
from services.electronic_supervision.domain.catalogue.item_content import (
    Fee,
    FeeStandard,
    ItemContent,
)
from services.electronic_supervision.domain.catalogue.period import Period

ITEMS = """
select i.code, i.withdrawn_from, v.first_day, v.content
from item i
join lateral (
    select w.* from item_version w where w.item = i.code order by w.first_day desc limit 1
) v on true
order by i.code
"""
ALIASES = "select item, source, code from item_alias order by item, source, code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item as it became by its last change."""

    code: str
    content: ItemContent
    effective_from: date
    withdrawn_from: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All items by their codes; of aliases, by source and code, the item that each means."""

    items: Mapping[str, Entry]
    aliases: Mapping[tuple[str, str], str]

    def sheets(self) -> Mapping[str, Sequence[AnyLine]]:
        """Return the lines of each sheet, in order."""
        entries = list(self.items.values())
        return {
            "items": [item_line(each) for each in entries],
            "steps": [line for each in entries for line in _steps(each)],
            "materials": [line for each in entries for line in _materials(each)],
            "pauses": [line for each in entries for line in _pauses(each)],
            "aliases": [
                AliasLine(item=item, source=source, code=code)
                for (source, code), item in self.aliases.items()
            ],
        }

    def digest(self) -> str:
        """Return what changes whenever the catalogue does (hexadecimal)."""
        told = sha256()
        for sheet, lines in self.sheets().items():
            for line in lines:
                told.update(f"{sheet} {line.model_dump_json()}\n".encode())
        return told.hexdigest()


async def snapshot(connection: asyncpg.Connection) -> Snapshot:
    """Return the catalogue; of one state only in a transaction that sees one."""
    items = [
        Entry(
            code=row["code"],
            content=CONTENT.validate_json(row["content"]),
            effective_from=row["first_day"],
            withdrawn_from=row["withdrawn_from"],
        )
        for row in await connection.fetch(ITEMS)
    ]
    aliases = await connection.fetch(ALIASES)
    return Snapshot(
        items={each.code: each for each in items},
        aliases={(each["source"], each["code"]): each["item"] for each in aliases},
    )


def item_line(entry: Entry) -> ItemLine:
    """Return the line of an item, without a reason: that is told once."""
    content, fee = entry.content, entry.content.fee
    standard = fee if isinstance(fee, FeeStandard) else None
    most = None if standard is None else standard.most_fen
    return ItemLine(
        code=entry.code,
        name=content.name,
        unit=content.unit,
        nature=content.nature,
        effective_from=entry.effective_from,
        statutory=_text(content.statutory),
        statutory_clause=content.statutory_clause or None,
        promised=_text(content.promised),
        promised_clause=content.promised_clause or None,
        green_card=_text(content.green_card),
        post_a=content.post_a,
        post_b=content.post_b,
        fee=fee_kind(fee),
        fee_clause=None if standard is None else standard.clause,
        fee_most=None if most is None else yuan(most),
        guide="yes" if content.guide_published else "no",
        arrangement=content.arrangement,
        handed_to=content.handed_to,
        withdrawn_from=entry.withdrawn_from,
    )


def fee_kind(fee: Fee) -> FeeKind:
    """Name what the catalogue says of a fee."""
    if fee is None:
        return "none"
    return "standard" if isinstance(fee, FeeStandard) else "not-stated"


def parts_of(entry: Entry) -> Mapping[str, Sequence[AnyLine]]:
    """Return the lines that belong to an item, by their sheets."""
    return {
        "steps": list(_steps(entry)),
        "materials": list(_materials(entry)),
        "pauses": list(_pauses(entry)),
    }


def _steps(entry: Entry) -> Iterator[AnyLine]:
    for each in entry.content.steps:
        limit = _text(each.limit)
        yield StepLine(item=entry.code, code=each.code, name=each.name, limit=limit)


def _materials(entry: Entry) -> Iterator[AnyLine]:
    for each in entry.content.materials:
        yield MaterialLine(item=entry.code, code=each.code, name=each.name)


def _pauses(entry: Entry) -> Iterator[AnyLine]:
    for each in entry.content.pauses:
        # by its text, as a document says it: the domain knows no list of grounds
        told = {"item": entry.code, "ground": each.ground, "clause": each.clause}
        yield PauseLine.model_validate(told)


def _text(period: Period | None) -> str | None:
    return None if period is None else said(period)
