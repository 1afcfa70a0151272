"""Delete all that a data folder holds, if it is one of ours and holds nothing else."""

import shutil
from pathlib import Path

from deploy.local.leftovers import stop_leftovers
from deploy.local.occupation import FILE as LOCK
from deploy.local.occupation import occupied
from deploy.refusal import RefusedError
from deploy.stop.stop import stop

OURS = {
    *("postgres", "nats", "heads", "logs", "passwords.json", "stack.json", "stack.json.new"),
    *("demo.json", "demo.json.new", "admission.lock", LOCK),
}
PROOF = {"passwords.json", LOCK}
"""A folder with none of these was never ours, whatever else is called as ours is."""


def contents(folder: Path) -> list[Path]:
    """Return what there is to delete, nothing for a folder that is empty or missing.

    Raises RefusedError (`not-ours`): a link, a root, a home, or a folder with anything that we did
    not put there.
    """
    if folder.is_symlink() or folder.resolve() in {Path("/"), Path.home().resolve()}:
        raise _not_ours(folder, "它是一个链接、根目录或主目录")
    if not folder.exists():
        return []
    if not folder.is_dir():
        raise _not_ours(folder, "它不是目录")
    found = sorted(folder.iterdir())
    strangers = [each.name for each in found if each.name not in OURS or each.is_symlink()]
    if strangers:
        raise _not_ours(folder, f"其中有 {'、'.join(strangers[:5])}")
    if found and not any(each.name in PROOF for each in found):
        raise _not_ours(folder, "其中没有本平台的文件")
    return found


def reset(folder: Path) -> None:
    """Stop what runs there, and delete everything; the folder itself stays. Raises RefusedError."""
    stop(folder)
    with occupied(folder, "reset"):
        stop_leftovers(folder)
        for each in contents(folder):
            if each.is_dir():
                shutil.rmtree(each)
            elif each.name != LOCK:
                each.unlink()
        (folder / LOCK).unlink()


def _not_ours(folder: Path, why: str) -> RefusedError:
    return RefusedError(
        "not-ours",
        f"{folder} 不是本平台的数据目录：{why}。",
        "请用 --data 指定正确的目录；不属于本平台的文件请自行处理。",
    )
