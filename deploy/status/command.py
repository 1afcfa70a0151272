"""`xiaoneng status`: what runs on a data folder, and whether it can do its work."""

import json
import sys
from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path

from deploy.block import aligned, block
from deploy.local.phase import Phase
from deploy.local.stack import Stack
from deploy.site import add_data, site_of
from deploy.status.status import COUNTS, Status, status

NEXT = "xiaoneng stop 停止"
WORDS = {
    Phase.NONE: "{} 上没有在运行的平台。请执行 xiaoneng up 启动。",
    Phase.STARTING: "平台正在 {} 上启动（进程 {}）。",
    Phase.RUNNING: "平台在 {} 上的运行状态刚刚改变，请重新查看。",
    Phase.STOPPING: "平台正在 {} 上停止（进程 {}）。",
}


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--json", action="store_true", help="输出 JSON，不含令牌和口令")
    add_data(parser)


def run(arguments: Namespace, now: datetime) -> int:
    """Carry the command out at `now` (aware): 0 if it runs and is ready, 1 if not."""
    folder = site_of(arguments).data
    found = status(folder)
    if arguments.json:
        json.dump(found.as_data(), sys.stdout, indent=2, ensure_ascii=False)
        print()
    elif found.stack is None:
        print("\n".join(found.problems.values()) or WORDS[found.phase].format(folder, found.pid))
    else:
        _tell(folder, found, found.stack, now)
    return 0 if found.is_ready else 1


def _tell(folder: Path, found: Status, stack: Stack, now: datetime) -> None:
    state = "就绪" if found.is_ready else "尚未就绪"
    since = datetime.fromisoformat(stack.started_at)
    local = since.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    span = _span((now - since).total_seconds())
    print(f"{state}：进程 {stack.pid}，自 {local} 运行至今（{span}）。")
    if stack.is_demo:
        print("演示数据：单位、办件均为虚构。")
    for code, message in found.problems.items():
        print(f"  {code}：{message}")
    print(f"\n{block(stack, folder, then=NEXT)}\n")
    if found.counts:
        print(aligned((COUNTS[name], f"{count:,}") for name, count in found.counts.items()))


def _span(seconds: float) -> str:
    minutes, hours, days = int(seconds // 60), int(seconds // 3600), int(seconds // 86_400)
    if days:
        return f"{days} 天"
    return f"{hours} 小时" if hours else f"{max(minutes, 0)} 分钟"
