"""How far a play is, shown on a terminal and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy.play.play import Listener


class Shown(Listener):
    """Shows bytes read, then events said."""

    def __init__(self, bar: Progress, log: Path) -> None:
        self._bar = bar
        total = log.stat().st_size if log.is_file() else None
        self._reading = bar.add_task(f"读取 {log.name}（字节）", total=total)
        self._saying = bar.add_task("报送（事件）", total=None)

    def read(self, done: int) -> None:
        """Show how many bytes of the log are read."""
        self._bar.update(self._reading, completed=done)

    def begin(self, events: int) -> None:
        """Show how many events will be said."""
        self._bar.update(self._saying, total=events)

    def said(self) -> None:
        """Show one more event said."""
        self._bar.advance(self._saying)


@contextmanager
def shown_on(console: Console, log: Path) -> Iterator[Listener]:
    """Show progress while the block runs, and leave nothing behind."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(
        *(*columns, TimeRemainingColumn()),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        yield Shown(bar, log)
