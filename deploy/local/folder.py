"""Which data folder is ours: a file of our own says so, and nothing is touched in any other."""

import json
import os
import secrets
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from deploy.refusal import RefusedError

FILE = "xiaoneng.json"
FORMAT = "xiaoneng-data"
NOBODYS = {"lost+found"}
"""What an empty disk holds."""


def is_marked(folder: Path) -> bool:
    """Tell whether the file that makes a folder ours is there."""
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("format") == FORMAT


def is_ours(folder: Path) -> bool:
    """Tell whether a folder is ours; one of a version that made no marks is known by its database.

    `postgres/superuser` is a file that nobody but us makes.
    """
    if is_marked(folder):
        return True
    with suppress(OSError):
        return (folder / "postgres" / "superuser").is_file()
    return False


def strangers(folder: Path) -> list[str]:
    """Return what keeps a folder from becoming ours; nothing if it is ours, empty or missing."""
    if is_ours(folder) or not folder.exists():
        return []
    return sorted(each.name for each in folder.iterdir() if not _is_nobodys(each.name))


def claim(folder: Path) -> None:
    """Make a folder ours that is missing or empty; one that is ours already stays so.

    Raises RefusedError (`not-ours`, `data-unwritable`).
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if found := strangers(folder):
            raise not_ours(folder, f"其中有 {'、'.join(found[:5])}")
        if not is_marked(folder):
            _mark(folder)
    except OSError as error:
        raise unwritable(folder, error) from error


def not_ours(folder: Path, why: str) -> RefusedError:
    """Say that a folder holds what others put there."""
    return RefusedError(
        "not-ours",
        f"{folder} 不是本平台的数据目录：{why}。",
        "请用 --data 指定本平台的数据目录，或一个空目录；不属于本平台的文件请自行处理。",
    )


def unwritable(folder: Path, error: OSError) -> RefusedError:
    """Say that a data folder can't be written to."""
    return RefusedError(
        "data-unwritable",
        f"数据目录 {folder} 不能写入：{error.strerror}。",
        "请用 --data 指定一个可写的目录。",
    )


def _is_nobodys(name: str) -> bool:
    # another command may be writing the mark at this very instant
    return name in NOBODYS or name.startswith(f"{FILE}.")


def _mark(folder: Path) -> None:
    """Write the mark, all or nothing."""
    told = {
        "format": FORMAT,
        "made_by": f"xiaoneng {version('xiaoneng')}",
        "note": "本目录由 xiaoneng 管理；xiaoneng reset --yes 将删除其中的一切。",
    }
    new = folder / f"{FILE}.{secrets.token_hex(4)}"
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(told, out, indent=2, ensure_ascii=False)
    new.replace(folder / FILE)
