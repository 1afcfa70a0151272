"""The two ways in which a document is written."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from kernel.document.raw import BadDocumentError
from kernel.document.workbook_guard import OLD


class Format(StrEnum):
    """How a document is written."""

    XLSX = "xlsx"
    YAML = "yaml"


MEDIA_TYPES: Mapping[Format, str] = MappingProxyType(
    {
        Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format.YAML: "application/yaml",
    }
)


def is_workbook(content: bytes) -> bool:
    """Tell whether a document is, or was, a workbook, whatever it is called."""
    return content.startswith((b"PK", OLD))


def make_sure_of_kind(content: bytes, told: str) -> None:
    """Make sure that a document is what its media type or name tells. Raises BadDocumentError.

    Codes: `document-empty`, `workbook-damaged`. What is told to be YAML may be a workbook, since
    browsers don't know YAML.
    """
    if not content.strip():
        raise BadDocumentError("document-empty")
    is_told = told == MEDIA_TYPES[Format.XLSX] or told.lower().endswith(".xlsx")
    if is_told and not is_workbook(content):
        raise BadDocumentError("workbook-damaged")
