"""The file of connectors that a stack is started with, checked before anything starts."""

from collections.abc import Mapping
from pathlib import Path

SETTING = "XIAONENG_CONNECTORS"


def connectors_of(given: Path | None, environment: Mapping[str, str]) -> Path | None:
    """Return the file that was given, else the one the environment names, if any.

    Raises BadConnectorsError for what is wrong with it.
    """
    named = environment.get(SETTING, "")
    path = given or (Path(named) if named else None)
    if path is None:
        return None
    # half a second of imports that most stacks don't need
    from services.electronic_supervision.connect.config_file import load_connectors

    load_connectors(path)
    return path.absolute()
