"""A connector ready to run: its source, its map, and where the rows of that system lie."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from contracts.vocabulary import Limit
from services.electronic_supervision.connect.telling import Speaker
from services.electronic_supervision.log.map import LogMap

TELLING = 1
"""Changes with the way in which rows are told, so that all are compared with the record again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of files whose names match a pattern; `moves` if what was read goes to `done`."""

    path: Path
    pattern: str
    every: timedelta
    moves: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view or query of a database; `url` may name a variable of the environment.

    `updated` is the column by which rows are known to have changed, "" for none.
    """

    url: str = field(repr=False)
    view: str
    query: str
    updated: str
    every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """What one connector reads, by which map, and under which source it speaks."""

    name: str
    source: str
    log_map: LogMap
    limit: Limit | None
    place: Folder | View

    @property
    def fingerprint(self) -> bytes:
        """Tell one way of understanding rows from another."""
        plain = self.log_map.model_dump()
        plain |= {"timezone": self.log_map.timezone.key, "empty": sorted(self.log_map.empty)}
        said = json.dumps([TELLING, self.source, plain])
        return sha256(said.encode()).digest()

    @property
    def is_stepwise(self) -> bool:
        """Tell whether a row is one step of a case, and not all of the case."""
        return self.log_map.event is not None

    @property
    def where(self) -> str:
        """Name the place for people; never a password."""
        match self.place:
            case Folder(path=path, pattern=pattern):
                return f"{path}/{pattern}"
            case View(view=view):
                return view or "（查询语句）"

    def speaker(self, system: str) -> Speaker:
        """Return who speaks: the system that was admitted under this name."""
        return Speaker(
            name=system,
            source=self.source,
            zone=self.log_map.timezone,
            limit=self.limit,
            shift=timedelta(),
        )
