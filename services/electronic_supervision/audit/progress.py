"""How far an audit is, shown on a terminal and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

CASES_PER_REPORT = 1000


class AuditProgress:
    """Hears of bytes read, then of cases judged."""

    def __init__(self, bar: Progress, log: Path) -> None:
        self._bar = bar
        total = log.stat().st_size if log.is_file() else None
        self._reading = bar.add_task(f"读取 {log.name}（字节）", total=total)
        self._judging = bar.add_task("判定（件）", total=None)
        self._judged = 0

    def read(self, done: int) -> None:
        """Note how many bytes of the log are read."""
        self._bar.update(self._reading, completed=done)

    def judged(self) -> None:
        """Note one more judged case."""
        self._judged += 1
        if self._judged % CASES_PER_REPORT == 0:
            self._bar.update(self._judging, completed=self._judged)


@contextmanager
def shown_on(console: Console, log: Path, *, silent: bool) -> Iterator[AuditProgress]:
    """Show progress while the block runs, and leave nothing behind."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    hidden = silent or not console.is_terminal
    with Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True, disable=hidden
    ) as bar:
        yield AuditProgress(bar, log)
