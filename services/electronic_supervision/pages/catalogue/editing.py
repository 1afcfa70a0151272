"""What the form of an item asks for, and what was filled in."""

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import ValidationError

from services.electronic_supervision.catalogue.document.content import content_of
from services.electronic_supervision.catalogue.document.layout import ITEMS, LAYOUT
from services.electronic_supervision.catalogue.document.lines import AnyLine, ItemLine
from services.electronic_supervision.catalogue.document.snapshot import (
    Entry,
    item_line,
    parts_of,
)
from services.electronic_supervision.catalogue.reading import ItemRow
from services.electronic_supervision.domain.catalogue.item_acts import PublishItem, ReviseItem
from services.electronic_supervision.domain.refused import Refused

PARTS: Mapping[str, tuple[str, ...]] = {
    "steps": ("code", "name", "limit"),
    "materials": ("code", "name"),
    "pauses": ("ground", "clause"),
}
"""What a line of each part tells, one after the other."""

BETWEEN = " | "


def values_of(row: ItemRow) -> dict[str, str]:
    """Return what a form shows of an item, as it is."""
    entry = Entry(
        code=row.code,
        content=row.content,
        effective_from=row.first_day,
        withdrawn_from=row.withdrawn_from,
    )
    told = item_line(entry).model_dump(mode="json", exclude_none=True)
    for sheet, lines in parts_of(entry).items():
        told[sheet] = "\n".join(_written(sheet, each) for each in lines)
    # when the change holds from is asked anew: else it would be a correction of that day
    told.pop("effective_from")
    return {name: str(value) for name, value in told.items()}


def command_of(values: Mapping[str, str], today: date, *, is_new: bool) -> PublishItem | ReviseItem:
    """Return what is wished. Raises Refused, with the field that is filled in wrongly."""
    told = {name: values[name] for name in ITEMS.columns if values.get(name)}
    told.pop("withdrawn_from", None)
    line = _line(ItemLine, told)
    if not isinstance(line, ItemLine):
        raise TypeError(line)
    parts = [each for sheet in PARTS for each in _lines(sheet, values.get(sheet, ""), line.code)]
    kind = PublishItem if is_new else ReviseItem
    return kind(
        code=line.code,
        content=content_of(line, parts),
        effective_from=line.effective_from,
        reason=line.reason or "",
        said_on=today,
    )


def _written(sheet: str, line: AnyLine) -> str:
    layout = LAYOUT.named[sheet]
    told = [(field, getattr(line, field)) for field in PARTS[sheet]]
    return BETWEEN.join(layout.words_of(field, str(value)) for field, value in told if value)


def _lines(sheet: str, text: str, item: str) -> Iterator[AnyLine]:
    layout, fields = LAYOUT.named[sheet], PARTS[sheet]
    for written in filter(None, map(str.strip, text.splitlines())):
        cells = [each.strip() for each in written.replace("｜", "|").split("|")]
        if len(cells) > len(fields):
            raise Refused("value-wrong", field=sheet)
        told = {
            field: layout.value_of(field, cell)
            for field, cell in zip(fields, cells, strict=False)
            if cell
        }
        try:
            yield _line(layout.line, {"item": item, **told})
        except Refused as no:
            raise Refused(no.code, field=sheet) from no


def _line(kind: type[AnyLine], told: Mapping[str, str]) -> AnyLine:
    try:
        return kind.model_validate(dict(told))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        code = "value-missing" if first["type"] == "missing" else "value-wrong"
        raise Refused(code, field=str(first["loc"][0])) from error
