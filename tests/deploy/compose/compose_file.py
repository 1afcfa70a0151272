"""The compose file as an engine reads it: interpolated, with its merges done."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[3] / "deploy/compose"
FILE = FOLDER / "compose.yaml"
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<how>[-?])(?P<default>[^}]*))?\}")

SECRETS = {
    name: f"p{number:08}"
    for number, name in enumerate(
        (
            "POSTGRES_PASSWORD",
            "NATS_ROUTE_PASSWORD",
            "XIAONENG_PROVISIONER_PASSWORD",
            "XIAONENG_ACCESS_PASSWORD",
            "XIAONENG_ELECTRONIC_SUPERVISION_PASSWORD",
            "XIAONENG_EVALUATION_PASSWORD",
        )
    )
}


class MissingError(Exception):
    """A variable that has no default is not set; the message names it."""


def compose(environment: Mapping[str, str] = SECRETS) -> dict[str, Any]:
    """Return the file. Raises MissingError."""

    def value(found: re.Match[str]) -> str:
        if given := environment.get(found["name"]):
            return given
        if found["how"] != "-":
            raise MissingError(found["name"])
        return found["default"]

    made: dict[str, Any] = yaml.safe_load(VARIABLE.sub(value, FILE.read_text(encoding="utf-8")))
    return made


def services() -> dict[str, dict[str, Any]]:
    """Return its services by name."""
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def ours() -> dict[str, dict[str, Any]]:
    """Return those of our own image."""
    return {name: e for name, e in services().items() if e["image"].startswith("xiaoneng:")}
