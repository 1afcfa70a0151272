"""The sheet of cases that `--cases` writes: one line each, for a spreadsheet or a script."""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.electronic_supervision.audit.judge import JudgedCase
from services.electronic_supervision.domain.time.moment import Moment
from services.electronic_supervision.log.refusal import BadInputError

COLUMNS = (
    "case",
    "unit",
    "accepted_at",
    "due_on",
    "due_at",
    "finished_at",
    "verdict",
    "working_days_used",
    "provisional",
)
FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d.]+$)")


class Sheet:
    """Writes cases as lines; times in the log's zone."""

    def __init__(self, writer: Any, zone: ZoneInfo) -> None:
        self._writer = writer
        self._zone = zone
        writer.writerow(COLUMNS)

    def add(self, case: JudgedCase) -> None:
        """Write a case."""
        logged, due = case.logged, case.due
        self._writer.writerow(
            (
                _harmless(logged.id),
                _harmless(logged.unit),
                self._moment(logged.accepted),
                due.on.isoformat() if due else "",
                self._instant(due.at) if due else "",
                self._moment(logged.finished),
                case.verdict.value,
                case.working_days_used,
                "true" if due and due.provisional else "false",
            )
        )

    def _moment(self, moment: Moment | None) -> str:
        if moment is None:
            return ""
        if moment.is_day:
            return moment.earliest.astimezone(self._zone).date().isoformat()
        return self._instant(moment.earliest)

    def _instant(self, at: datetime) -> str:
        return at.astimezone(self._zone).isoformat()


@contextmanager
def sheet_at(path: Path, zone: ZoneInfo) -> Iterator[Sheet]:
    """Open a sheet that appears at `path` only once it is complete.

    Raises BadInputError `cases-unwritable`.
    """
    # a device, a pipe, a link is written to as it is: replacing /dev/null would break the machine
    in_place = path.is_symlink() or (path.exists() and not path.is_file())
    draft = path if in_place else path.with_name(f".{path.name}.draft")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            yield Sheet(csv.writer(file), zone)
        if not in_place:
            draft.replace(path)
    except OSError as error:
        message = f"不能写入 {path}：{error.strerror}。请检查目录是否存在、是否可写。"
        raise BadInputError("cases-unwritable", message, field="--cases") from error
    finally:
        if not in_place:
            draft.unlink(missing_ok=True)


def _harmless(text: str) -> str:
    """Keep a spreadsheet from running what a log calls a case."""
    return f"'{text}" if FORMULA.match(text) else text
