"""How a stack is: found by its data folder, asked over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.block import without_password
from deploy.local.health import figures, health
from deploy.local.occupation import in_use, occupant
from deploy.local.phase import Course, Phase, course, lost
from deploy.local.stack import Stack, announced

COUNTS = {
    "xiaoneng_intake_pending": "总线上待接收",
    "xiaoneng_intake_messages_total": "已接收的消息",
    "xiaoneng_quarantine_open": "隔离区待处理",
    "xiaoneng_judgements_total": "作出的判定",
    "xiaoneng_cases_failed_total": "程序出错的办件",
    "xiaoneng_relay_lag_publications": "待发布",
    "xiaoneng_sse_clients": "在看的页面",
}
"""The metrics worth knowing at a glance, and what they are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What runs, if anything, what is in its way by code, and what it counts by metric.

    `stack` is None unless it runs and can be found; `pid` is 0 without a process.
    """

    phase: Phase
    pid: int
    stack: Stack | None
    problems: Mapping[str, str]
    counts: Mapping[str, int]

    @property
    def is_ready(self) -> bool:
        """Tell whether it runs and nothing is in its way."""
        return self.stack is not None and not self.problems

    def as_data(self) -> dict[str, Any]:
        """Return it for programs, without secrets."""
        state = Phase.RUNNING if self.phase is Phase.LOST else self.phase
        told: dict[str, Any] = {
            "state": state.value,
            "running": state is Phase.RUNNING,
            "ready": self.is_ready,
            "problems": [{"code": code, "message": m} for code, m in self.problems.items()],
        }
        if self.pid:
            told["pid"] = self.pid
        if self.stack is None:
            return told
        return told | {
            "started_at": self.stack.started_at,
            "console": self.stack.console,
            "api": f"{self.stack.console}/openapi.json",
            "metrics": f"{self.stack.console}/metrics",
            "nats": without_password(self.stack.nats_url),
            "postgres": without_password(self.stack.postgres_url),
            "demo": self.stack.is_demo,
            "counts": dict(self.counts),
        }


def status(folder: Path) -> Status:
    """Look at what runs on a folder."""
    found = course(folder)
    stack = announced(folder)
    if stack is None or found.phase is not Phase.RUNNING:
        problems = _in_the_way(folder, found)
        return Status(phase=found.phase, pid=found.pid, stack=None, problems=problems, counts={})
    return _running(stack)


def _in_the_way(folder: Path, found: Course) -> dict[str, str]:
    if found.phase is Phase.LOST:
        error = lost(folder, found.pid)
        return {error.code: error.message + error.fix}
    holder = occupant(folder) if found.phase is Phase.NONE else None
    return {} if holder is None else {"data-in-use": in_use(folder, holder).message}


def _running(stack: Stack) -> Status:
    found = health(stack.console)
    problems = dict(found.problems)
    if not found.answers:
        problems["console-silent"] = "控制台没有回答。"
    told = figures(stack.console)
    counts = {name: int(told[name]) for name in COUNTS if name in told}
    return Status(phase=Phase.RUNNING, pid=stack.pid, stack=stack, problems=problems, counts=counts)
