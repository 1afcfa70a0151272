"""The rows of one reading, case by case, and those of them that can't be understood."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice

from services.electronic_supervision.audit.spool import Spool
from services.electronic_supervision.connect.bad_row import BadRow, rejected_row
from services.electronic_supervision.connect.connector import Connector
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.log.entry import Entry, Row
from services.electronic_supervision.log.record import Record, record_reader
from services.electronic_supervision.log.refusal import BadLogError

MOST_ENTRIES = 5_000_000
MOST_BAD = 5000
FEW_BAD = 100
BAD_SHARE = 10
"""One row in so many may be bad: beyond, it is the map that is wrong, or the file."""

AT_ONCE = 500


class Stopped(Exception):
    """Nobody waits for the reading any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRows:
    """What the rows of one reading say of a case; `digest` tells it from what others said."""

    number: str
    records: tuple[Record, ...]
    digest: bytes


@dataclass(slots=True, kw_only=True)
class Reading:
    """The rows of a file or view, kept in bounded memory; all in one thread."""

    connector: Connector
    spool: Spool
    entries: int = 0
    bad: dict[str, BadRow] = field(default_factory=dict)
    """Rows that can't be understood, by their keys."""

    def fill(self, entries: Iterable[Entry], place: str, stopped: Callable[[], bool]) -> None:
        """Read all entries.

        Raises BadLogError where they do, `log-too-large`, and `map-mismatch` if so many rows are
        bad that the map must be wrong; Stopped.
        """
        read, source = record_reader(self.connector.log_map), self.connector.source
        for entry in entries:
            if not isinstance(entry, Row):
                raise BadLogError("log-suffix", "连接器只读取表格（.csv、.xlsx），不读取 .xes。")
            self.entries += 1
            record, rejected = read(entry)
            for each in rejected:
                bad = rejected_row(entry, each)
                self.bad[bad.key(source, place)] = bad
            if record is not None:
                self.spool.add(record)
                if self.bad and not self.connector.is_stepwise:
                    # the last row of a case counts, as it does in an audit
                    self.bad.pop(_row_key(record, source), None)
            self._make_sure_of_sense(stopped)
        if len(self.bad) > FEW_BAD and len(self.bad) * BAD_SHARE > self.entries:
            raise self._mismatch(place)

    def _make_sure_of_sense(self, stopped: Callable[[], bool]) -> None:
        if stopped():
            raise Stopped
        if self.entries > MOST_ENTRIES:
            raise BadLogError("log-too-large", f"超过 {MOST_ENTRIES:,} 行，请分成几个文件。")
        if len(self.bad) > MOST_BAD:
            raise self._mismatch("")

    def _mismatch(self, place: str) -> BadLogError:
        shown = "；".join(each.words(place) for each in islice(self.bad.values(), 3))
        message = (
            f"{self.entries:,} 行中已有 {len(self.bad):,} 行读不懂，多半是对照表与文件不符，"
            f"所以一行也没有报送。例如：{shown}。"
        )
        return BadLogError("map-mismatch", message)

    def close(self) -> None:
        """Throw everything away."""
        self.spool.__exit__(None, None, None)

    def cases(self) -> Iterator[Sequence[CaseRows]]:
        """Yield the cases, AT_ONCE at a time, in the order of their first rows."""
        fingerprint, stepwise = self.connector.fingerprint, self.connector.is_stepwise
        cases = (_case(records, fingerprint, stepwise=stepwise) for records in self.spool.cases())
        while batch := list(islice(cases, AT_ONCE)):
            yield batch


def _row_key(record: Record, source: str) -> str:
    same = BadRow(line=None, number=record.case_id, step="", code="", field="", cells=())
    return same.key(source, "")


def _case(records: tuple[Record, ...], fingerprint: bytes, *, stepwise: bool) -> CaseRows:
    told = records if stepwise else records[-1:]
    said = [
        [
            *(each.unit, each.item, *map(_ticks, (each.accepted, each.due, each.finished))),
            *([step.name, _ticks(step.at), step.unit] for step in each.steps),
        ]
        for each in told
    ]
    digest = sha256(fingerprint + json.dumps(said).encode()).digest()
    return CaseRows(number=records[0].case_id, records=records, digest=digest)


def _ticks(moment: Moment | None) -> str:
    return "" if moment is None else f"{moment.earliest}/{moment.latest}"
