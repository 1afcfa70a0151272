"""Stages, grades and enterprises as lines of text that officials fill in, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.electronic_supervision.domain.registers.discretion_band import Offence
from services.electronic_supervision.domain.registers.inspection_approval import Approval
from services.electronic_supervision.domain.registers.service_chain import ServiceChain
from services.electronic_supervision.domain.registers.versions import Versions
from services.electronic_supervision.registers.forms.chains import MEASURES
from services.electronic_supervision.registers.limit_words import fen, limit_of, limit_words, yuan

UNITS = {measure: unit.value for unit, measure in MEASURES.items()}


class BadLineError(Exception):
    """A line that is not filled in as it should be; the message says which one (from 1)."""


def parsed(values: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form takes for what was filled in. Raises BadLineError."""
    told: dict[str, Any] = dict(values)
    if "enterprises" in told:
        told["enterprises"] = told["enterprises"].replace("、", "\n").split()
    for field, read in (("stages", _stage), ("grades", _grade)):
        if field in told:
            told[field] = [read(*each) for each in _lines(told[field])]
    return told


def filled(state: Any) -> dict[str, str]:
    """Return what fills a form in with what is so already."""
    match state:
        case Approval(terms=terms):
            return {
                "unit": terms.unit,
                "enterprises": "\n".join(terms.enterprises),
                "year": str(terms.year),
                "purpose": terms.purpose,
                "first_day": terms.first_day.isoformat(),
                "last_day": terms.last_day.isoformat(),
                "times": str(terms.times),
            }
        case Versions(last=ServiceChain(name=name, stages=stages)):
            rows = [(s.code, s.name, s.unit, limit_words(s.time)) for s in stages]
            return {"name": name, "stages": _text(rows)}
        case Versions(last=Offence(name=name, clause=clause, grades=grades)):
            bands = [(g.code, g.circumstances, yuan(g.least), yuan(g.most)) for g in grades]
            return {"name": name, "clause": clause, "grades": _text(bands)}
        case _:
            return {}


def _text(rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join(" | ".join(row).rstrip(" |") for row in rows)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    rows = enumerate(text.replace("｜", "|").splitlines(), 1)
    return [(number, [each.strip() for each in row.split("|")]) for number, row in rows if row]


def _stage(number: int, cells: list[str]) -> dict[str, Any]:
    if not 3 <= len(cells) <= 4:
        raise BadLineError(number)
    try:
        limit = limit_of(cells[3] if len(cells) == 4 else "")
    except ValueError:
        raise BadLineError(number) from None
    told: dict[str, Any] = dict(zip(("code", "name", "unit"), cells, strict=False))
    if limit is not None:
        told["limit"] = {"amount": limit.amount, "unit": UNITS[limit.measure]}
    return told


def _grade(number: int, cells: list[str]) -> dict[str, Any]:
    if len(cells) != 4:
        raise BadLineError(number)
    try:
        least, most = fen(cells[2]), fen(cells[3])
    except ValueError:
        raise BadLineError(number) from None
    return {
        "code": cells[0],
        "circumstances": cells[1],
        "least_fen": least,
        "most_fen": most,
    }
