"""Which names a formula may ask for, by the kind of its rule."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from services.electronic_supervision.rules.shape import (
    FLAG,
    NUMBER,
    TEXT,
    TIME,
    Shape,
    fact_of,
    list_of,
    record,
)

Names = Mapping[str, Shape]

CASE = record(
    number=TEXT,
    source=TEXT,
    unit=TEXT,
    item=TEXT,
    accepted=TIME,
    ended=TIME,
    received=TIME,
    supplements=list_of(record(time=TIME, materials=list_of(TEXT))),
    transfers=list_of(record(time=TIME, from_unit=TEXT, to_unit=TEXT)),
    steps=list_of(record(step=TEXT, holder=TEXT, begin=TIME)),
    finished=list_of(TEXT),
    decisions=NUMBER,
    fees_fen=NUMBER,
)
ITEM = record(
    code=TEXT,
    name=TEXT,
    unit=TEXT,
    nature=TEXT,
    materials=list_of(TEXT),
    steps=list_of(TEXT),
    fee_stated=FLAG,
    fee_most_fen=NUMBER,
    guide_published=FLAG,
    arrangement=TEXT,
)
APPROVAL = record(number=TEXT, unit=TEXT, year=NUMBER, valid=FLAG, quota=NUMBER)
BAND = record(grade=TEXT, least_fen=NUMBER, most_fen=NUMBER)
SURROUNDINGS: Names = MappingProxyType(
    {
        "case": CASE,
        "item": ITEM,
        "card": FLAG,
        "approval": APPROVAL,
        "band": BAND,
        "day": TIME,
    }
)
"""All that is known around an act, by the law of its day."""

DISORDER: Names = MappingProxyType({"disorder": record(step=TEXT, kind=TEXT, other=TEXT)})
QUOTA: Names = MappingProxyType({"quota": NUMBER})

_PATTERN: Names = MappingProxyType(
    {
        **dict.fromkeys(("subject", "subject_kind", "unit", "problem", "detail"), TEXT),
        **dict.fromkeys(("begin", "end", "day"), TIME),
    }
)
_SHARES = (
    *("hits", "of", "share", "low", "high", "confidence", "expected"),
    *("others_hits", "others_of", "chance", "compared", "days"),
)
COUNTED: Names = MappingProxyType(
    {**_PATTERN, **dict.fromkeys(("total", "occurrences", "threshold", "days"), NUMBER)}
)
MISSED: Names = MappingProxyType({**_PATTERN, "hours": NUMBER})
COMPARED: Names = MappingProxyType({**_PATTERN, **dict.fromkeys(_SHARES, NUMBER)})


def of_act(types: Sequence[str]) -> Names:
    """Return what a formula on acts of these types may ask for."""
    return {"fact": fact_of(types), **SURROUNDINGS}


def of_order() -> Names:
    """Return what the message of a rule on the order of steps may name."""
    return {"fact": fact_of(()), **SURROUNDINGS, **DISORDER}
