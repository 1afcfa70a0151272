"""What the stack of a data folder is at: on its way up, running, or on its way down."""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from deploy.local.occupation import occupant
from deploy.local.stack import ENDING, FILE, announced, written
from deploy.refusal import RefusedError


class Phase(StrEnum):
    """What a stack is at; `lost` runs, but the file that says where is damaged."""

    NONE = "none"
    STARTING = "starting"
    RUNNING = "running"
    LOST = "lost"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class Course:
    """What a stack is at, and its process, 0 without one."""

    phase: Phase
    pid: int = 0


def course(folder: Path) -> Course:
    """Look at what the stack of a folder is at."""
    if (stack := announced(folder)) is not None:
        return Course(Phase.RUNNING, stack.pid)
    holder = occupant(folder)
    if holder is None or holder.command != "up":
        return Course(Phase.NONE)
    return Course(_told(folder), holder.pid)


def lost(folder: Path, pid: int) -> RefusedError:
    """Say that a stack runs, and that nobody can tell where."""
    return RefusedError(
        "stack-unreadable",
        f"平台在运行（进程 {pid}），但 {folder / FILE} 已损坏，无从得知它的地址。",
        "请执行 xiaoneng stop 停止，再重新启动；数据不受影响。",
    )


def _told(folder: Path) -> Phase:
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Phase.STARTING
    except (OSError, ValueError):
        return Phase.LOST
    if told == ENDING:
        return Phase.STOPPING
    return Phase.LOST if written(folder) is None else Phase.STARTING
