"""Which files of a watched folder are ready to be read: those at rest, the oldest first."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from services.electronic_supervision.connect.connector import Folder
from services.electronic_supervision.connect.snapshot import Look, look_of

STILL_SECONDS = 2.0
"""How long a file has to look the same before nobody is believed to write to it."""

SUFFIXES = (".csv", ".xlsx", ".csv.gz", ".xlsx.gz")
HIDDEN = (".", "~$")
"""How the names of files begin that programs keep for themselves while they write."""

Seen = dict[str, tuple[Look, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A file at rest."""

    name: str
    look: Look


@dataclass(slots=True, kw_only=True)
class Watch:
    """Remembers how files looked; `done` are those that need no second reading as they are.

    `is_busy` if a file changed while it was read in the last look.
    """

    place: Folder
    seen: Seen = field(default_factory=dict)
    done: dict[str, Look] = field(default_factory=dict)
    is_busy: bool = False

    def ready(self, ticks: float) -> Sequence[Drop]:
        """Return the files that look as they did STILL_SECONDS ago, the oldest first.

        `ticks` is a monotonic clock. Raises OSError if the folder can't be read.
        """
        found = _files(self.place)
        self.is_busy = False
        self.seen = {
            name: before if (before := self.seen.get(name)) and before[0] == look else (look, ticks)
            for name, look in found.items()
        }
        self.done = {name: look for name, look in self.done.items() if found.get(name) == look}
        drops = [
            Drop(name=name, look=look)
            for name, (look, since) in self.seen.items()
            if name not in self.done and ticks - since >= STILL_SECONDS
        ]
        return sorted(drops, key=lambda each: (each.look.changed_at, each.name))

    @property
    def is_waiting(self) -> bool:
        """Tell whether something is there that may be at rest soon."""
        return self.is_busy or len(self.done) < len(self.seen)


def _files(place: Folder) -> dict[str, Look]:
    with os.scandir(place.path) as entries:
        found = {}
        for entry in entries:
            try:
                about = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if _is_meant(entry.name, place.pattern) and not stat.S_ISDIR(about.st_mode):
                found[entry.name] = look_of(about)
        return found


def _is_meant(name: str, pattern: str) -> bool:
    is_table = name.lower().endswith(SUFFIXES) and not name.startswith(HIDDEN)
    return is_table and fnmatchcase(name, pattern)
