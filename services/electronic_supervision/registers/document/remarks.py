"""What a document says that is odd, though nothing forbids it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kernel.document.read import read
from services.electronic_supervision.domain.registers.band_remarks import (
    Oddity,
    Remark,
    remarks,
)
from services.electronic_supervision.domain.registers.discretion_band_acts import Grade
from services.electronic_supervision.registers.document.layout import LAYOUT
from services.electronic_supervision.registers.document.lines import GradeLine
from services.electronic_supervision.registers.limit_words import fen, yuan


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """Something odd about the grades of an offence, in words for officials."""

    offence: str
    remark: Remark
    words: str


def noticed(offence: str, grades: Iterable[Grade]) -> Sequence[Noticed]:
    """Return what is odd about the grades of an offence."""
    return [Noticed(offence=offence, remark=each, words=words_of(each)) for each in remarks(grades)]


def noticed_in(content: bytes) -> Sequence[Noticed]:
    """Return what is odd about the offences in a document. Raises BadDocumentError."""
    offences: dict[str, list[Grade]] = {}
    for each in read(content, LAYOUT).lines:
        if isinstance(each.line, GradeLine):
            offences.setdefault(each.line.offence, []).append(
                Grade(
                    code=each.line.grade,
                    circumstances=each.line.circumstances,
                    least=fen(each.line.least),
                    most=fen(each.line.most),
                )
            )
    return [each for offence, grades in offences.items() for each in noticed(offence, grades)]


def words_of(remark: Remark) -> str:
    """Say what is odd."""
    one, other = remark.grades
    bounds = f"{yuan(remark.least)} 元至 {yuan(remark.most)} 元"
    if remark.oddity is Oddity.OVERLAP:
        return f"“{one}”与“{other}”两档重叠：{bounds}同时属于两档。"
    return f"“{one}”与“{other}”两档之间有空档：{bounds}不属于任何一档。"
