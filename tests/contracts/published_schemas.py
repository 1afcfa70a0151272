"""The published schemas, as an engineer elsewhere gets them: files, and a validator of any make."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

import contracts.schemas

PACKAGE = Path(contracts.schemas.__file__).parent


def published_schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((PACKAGE / "schemas" / f"{name}.json").read_text("utf-8"))
    return schema


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(
        published_schema(name), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
