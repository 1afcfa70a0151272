"""Whether this machine is fit: its Python, disk, folder and fonts."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.doctor.finding import Finding, broken, poor, well
from deploy.local.folder import strangers
from deploy.local.postgres import UNPRIVILEGED
from deploy.local.servers import unreachable_for_database

OLDEST_PYTHON = (3, 11)
GIGABYTE = 10**9
NEEDED_BYTES, WANTED_BYTES = 1 * GIGABYTE, 5 * GIGABYTE
RARE = "堃喆昇赟翀镕祎婠旸"
"""Characters of names that many fonts lack."""

FONT_SECONDS = 20


def python(version: Sequence[int] = sys.version_info[:3]) -> Finding:
    """Look at the interpreter."""
    told = ".".join(map(str, version))
    if tuple(version[:2]) < OLDEST_PYTHON:
        return broken("python", "Python", f"版本是 {told}。", "请改用 Python 3.11 或更高版本。")
    return well("python", "Python", told)


def disk(folder: Path, free: int | None = None) -> Finding:
    """Look at the room where the data are, in bytes."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(there).free if free is None else free
    told = f"剩余 {free / GIGABYTE:.1f} GB"
    fix = f"请腾出 {there} 所在的磁盘，或用 --data 把数据放到别处。"
    if free < NEEDED_BYTES:
        return broken("disk", "磁盘空间", f"{told}，不足 1 GB。", fix)
    if free < WANTED_BYTES:
        return poor("disk", "磁盘空间", f"{told}，不足 5 GB。", fix)
    return well("disk", "磁盘空间", told)


def data_folder(folder: Path) -> Finding:
    """Look whether the data can be written, by us and by the database's own user."""
    fix = "请用 --data 指定一个可写的目录。"
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir():
        return broken("data", "数据目录", f"{there} 不是目录。", fix)
    if not os.access(there, os.W_OK | os.X_OK):
        return broken("data", "数据目录", f"{there} 不可写。", fix)
    if found := strangers(folder):
        words = f"{folder} 不是本平台的数据目录：其中有 {'、'.join(found[:5])}。"
        return broken("data", "数据目录", words, "请用 --data 指定本平台的数据目录，或一个空目录。")
    if (closed := unreachable_for_database(folder)) is not None:
        words = f"PostgreSQL 不能以 root 运行，而用户 {UNPRIVILEGED} 进不了 {closed}。"
        return broken("data", "数据目录", words, "请换一个普通用户执行，或用 --data 指定别处。")
    if folder.exists() and folder.stat().st_mode & 0o066:
        words = f"{folder} 可由他人读写，其中有口令和记录。"
        return poor("data", "数据目录", words, f"请执行 chmod go-rw {folder}。")
    return well("data", "数据目录", str(folder))


def heads(folder: Path, data: Path) -> Finding:
    """Look whether the heads lie where a lost disk, or its intruder, takes the records too."""
    one, other = (_device(each) for each in (folder, data))
    if one == other:
        words = f"{folder} 与数据在同一磁盘上，不能证明记录没有被整体改写。"
        return poor("heads", "库外链头", words, "请用 XIAONENG_HEADS 指向另一台机器的磁盘。")
    return well("heads", "库外链头", str(folder))


def fonts(lister: str = "fc-list") -> Finding:
    """Look for fonts that have the rarer characters of names."""
    lacking, fix = [], "请安装 Noto Sans CJK SC（Debian：apt-get install fonts-noto-cjk）。"
    for char in RARE:
        try:
            found = subprocess.run(
                [lister, f":charset={ord(char):x}", "family"],
                capture_output=True,
                timeout=FONT_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return poor("fonts", "字体", "没有 fontconfig（fc-list），无法核对。", fix)
        if not found.stdout.strip():
            lacking.append(char)
    if lacking:
        return poor("fonts", "字体", f"没有字体能显示人名用字 {''.join(lacking)}。", fix)
    return well("fonts", "字体", f"人名用字 {RARE} 齐全")


def _device(folder: Path) -> int:
    return next(each for each in (folder, *folder.parents) if each.exists()).stat().st_dev
