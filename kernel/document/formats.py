"""The two ways in which a document is written."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


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
