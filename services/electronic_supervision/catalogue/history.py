"""What happened to an item, as its record tells."""

import json
from collections.abc import Sequence

import asyncpg

from kernel.store.events import StoredEvent
from kernel.store.store import load
from services.electronic_supervision.catalogue.forms import AliasForm, ChangeView, ContentForm
from services.electronic_supervision.catalogue.store import CODEC, stream_of
from services.electronic_supervision.domain.catalogue.item_acts import (
    Event,
    ItemAliasAdded,
    ItemAliasRemoved,
    ItemPublished,
    ItemRevised,
)


async def changes(
    connection: asyncpg.Connection, code: str, after: int = 0
) -> Sequence[StoredEvent]:
    """Return the events of an item in order, those after a version."""
    return await load(connection, stream_of(code), after=after)


def shown(stored: StoredEvent) -> ChangeView:
    """Show an event of an item's record."""
    about = json.loads(stored.metadata)
    told = {
        "version": stored.version,
        "recorded_at": stored.recorded_at,
        "by": about.get("by"),
        "role": about.get("role"),
    }
    return ChangeView.model_validate({**told, **_said(CODEC.decode(stored.type, stored.data))})


def _said(event: Event) -> dict[str, object]:
    if isinstance(event, ItemAliasAdded | ItemAliasRemoved):
        kind = "alias-added" if isinstance(event, ItemAliasAdded) else "alias-removed"
        return {"kind": kind, "alias": AliasForm(source=event.alias.source, code=event.alias.code)}
    said: dict[str, object] = {
        "effective_from": event.effective_from,
        "is_backdated": event.is_backdated,
        "reason": event.reason or None,
    }
    if isinstance(event, ItemPublished | ItemRevised):
        kind = "published" if isinstance(event, ItemPublished) else "revised"
        return {**said, "kind": kind, "content": ContentForm.of(event.content)}
    return {**said, "kind": "withdrawn"}
