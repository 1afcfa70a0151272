"""What may be wished of an item (事项), and what may happen to it."""

from dataclasses import dataclass, field
from datetime import date

from services.electronic_supervision.domain.catalogue.item_content import ItemContent


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class ItemAlias:
    """What one city system calls an item."""

    source: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishItem:
    """Have an item in the catalogue from a local day on; `aliases` are sorted and all different.

    `said_on` is the local day on which that is said, and no part of what is said: telling it again
    tomorrow is telling the same. A `reason` is needed if the day has passed.
    """

    code: str
    content: ItemContent
    aliases: tuple[ItemAlias, ...] = ()
    effective_from: date
    reason: str = ""
    said_on: date = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseItem:
    """Have an item be otherwise from a local day on; the other fields as for PublishItem."""

    code: str
    content: ItemContent
    effective_from: date
    reason: str = ""
    said_on: date = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawItem:
    """End an item; `effective_from` is the first local day without it."""

    code: str
    effective_from: date
    reason: str = ""
    said_on: date = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddItemAlias:
    """Take what a city system says of a code for an item, whenever it was said."""

    code: str
    alias: ItemAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveItemAlias:
    """Take what a city system says of a code for that item no more."""

    code: str
    alias: ItemAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPublished:
    """An item came into the catalogue; its code is never given again.

    `is_backdated`: it holds from a day that had passed when it was said, so that cases may have to
    be judged again; `reason` then says why.
    """

    code: str
    content: ItemContent
    aliases: tuple[ItemAlias, ...]
    effective_from: date
    is_backdated: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRevised:
    """An item is otherwise from a day on, or was put right on the day of its last change."""

    code: str
    content: ItemContent
    effective_from: date
    is_backdated: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWithdrawn:
    """An item was taken out of the catalogue; `unit` had it last."""

    code: str
    unit: str
    effective_from: date
    is_backdated: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAliasAdded:
    """A code of a city system means this item, in whatever was said of it before too."""

    code: str
    alias: ItemAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAliasRemoved:
    """A code of a city system means this item no more."""

    code: str
    alias: ItemAlias


Command = PublishItem | ReviseItem | WithdrawItem | AddItemAlias | RemoveItemAlias
Event = ItemPublished | ItemRevised | ItemWithdrawn | ItemAliasAdded | ItemAliasRemoved
