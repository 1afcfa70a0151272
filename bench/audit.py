"""What an audited row costs, against reading it at all and against the script one would write."""

import csv
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

import chinese_calendar
from rich.console import Console
from rich.table import Table

from deploy.command import main

ROWS = 150_000
ROUNDS = 3
RESULTS = Path(__file__).parent / "results"
MAP = """\
source: /bench
case:
  id: id
  unit: unit
  accepted_at: accepted
  limit: {working_days: 20}
  finished_at: finished
"""


def write_log(path: Path, rows: int) -> None:
    """Write cases of three years, eight columns, finished within 70 days."""
    random, start = Random(1), datetime(2023, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("id,unit,item,accepted,due,finished,channel,note\n")
        for number in range(rows):
            accepted = start + timedelta(seconds=random.randrange(3 * 365 * 86_400))
            finished = accepted + timedelta(seconds=random.randrange(70 * 86_400))
            unit, item = f"单位{number % 50}", f"事项{number % 300}"
            file.write(f"WH{number:07d},{unit},{item},{accepted},,{finished},窗口,\n")


def bare(log: Path, _: Path) -> None:
    """Read the rows and look at none: the limit."""
    with log.open(encoding="utf-8", newline="") as file:
        for _row in csv.reader(file):
            pass


def script(log: Path, _: Path) -> None:
    """Count working days with the library directly, as one would without us."""
    late = 0
    with log.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            accepted = datetime.fromisoformat(row["accepted"]).date()
            finished = datetime.fromisoformat(row["finished"]).date()
            after = accepted + timedelta(days=1)
            used = len(chinese_calendar.get_workdays(after, finished)) if after <= finished else 0
            late += used > 20


def audit(log: Path, log_map: Path) -> None:
    """Audit it, verdict by verdict, to a sheet of cases."""
    sheet = log.with_suffix(".verdicts.csv")
    with redirect_stdout(StringIO()):
        main(["audit", str(log), "--map", str(log_map), "--cases", str(sheet), "--json"])


@dataclass(frozen=True)
class Measured:
    """A path, the rows it is given (the script is too slow for all), and what it took."""

    name: str
    run: Callable[[Path, Path], None]
    rows: int
    rates: list[float] = field(default_factory=list)
    mebibytes: list[float] = field(default_factory=list)

    def once(self, folder: Path, log_map: Path) -> None:
        """Run in a process of its own."""
        log = folder / f"{self.rows}.csv"
        began = time.perf_counter()
        child = os.fork()
        if child == 0:
            self.run(log, log_map)
            os._exit(0)
        _, status, usage = os.wait4(child, 0)
        if status:
            sys.exit(f"{self.name} failed")
        self.rates.append(self.rows / (time.perf_counter() - began))
        self.mebibytes.append(usage.ru_maxrss / 1024)


def measure() -> list[Measured]:
    """Run all paths in turn, so that a slow moment of the machine meets them alike."""
    paths = [
        Measured("bare: read the rows", bare, ROWS),
        Measured("script: count days with the library", script, ROWS // 15),
        Measured("xiaoneng audit", audit, ROWS),
    ]
    with TemporaryDirectory() as name:
        folder, log_map = Path(name), Path(name) / "map.yaml"
        log_map.write_text(MAP, encoding="utf-8")
        for rows in {path.rows for path in paths}:
            write_log(folder / f"{rows}.csv", rows)
        for _ in range(ROUNDS):
            for path in paths:
                path.once(folder, log_map)
    return paths


def report(paths: list[Measured]) -> None:
    """Print a table and keep the figures as JSON."""
    ours = median(paths[-1].rates)
    table = Table(title=f"audit of {ROWS:,} rows, median of {ROUNDS}", title_justify="left")
    for column in ("path", "rows", "rows/s", "audit is … × as fast", "peak MiB"):
        table.add_column(column, justify="left" if column == "path" else "right")
    for path in paths:
        rate, memory = median(path.rates), max(path.mebibytes)
        cells = (f"{path.rows:,}", f"{rate:,.0f}", f"{ours / rate:.3g}", f"{memory:.0f}")
        table.add_row(path.name, *cells)
    Console().print(table)
    RESULTS.mkdir(exist_ok=True)
    figures = {
        path.name: {"rows_per_second": path.rates, "peak_mib": path.mebibytes} for path in paths
    }
    (RESULTS / "audit.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    report(measure())
