"""Delete all that a data folder holds, if it is one of ours and holds nothing else."""

import shutil
from pathlib import Path

from deploy.local.folder import FILE as MARK
from deploy.local.folder import NOBODYS, is_marked, not_ours
from deploy.local.leftovers import stop_leftovers
from deploy.local.occupation import FILE as LOCK
from deploy.local.occupation import occupied
from deploy.stop.stop import stop

OURS = {
    *("postgres", "nats", "heads", "logs", "passwords.json", "stack.json", "stack.json.new"),
    *("demo.json", "demo.json.new", "admission.lock", LOCK, MARK),
}


def contents(folder: Path) -> list[Path]:
    """Return what there is to delete, nothing for a folder that is empty or missing.

    Raises RefusedError (`not-ours`): a link, a root, a home, a folder without our mark, whatever
    its files are called, or one with anything that we did not put there.
    """
    if folder.is_symlink() or folder.resolve() in {Path("/"), Path.home().resolve()}:
        raise not_ours(folder, "它是一个链接、根目录或主目录")
    if not folder.exists():
        return []
    if not folder.is_dir():
        raise not_ours(folder, "它不是目录")
    found = sorted(each for each in folder.iterdir() if each.name not in NOBODYS)
    if found and not is_marked(folder):
        raise not_ours(folder, f"其中没有本平台的标记 {MARK}（较早版本的目录，先执行一次 up 即有）")
    strangers = [each.name for each in found if each.name not in OURS or each.is_symlink()]
    if strangers:
        raise not_ours(folder, f"其中有 {'、'.join(strangers[:5])}")
    return found


def reset(folder: Path) -> None:
    """Stop what runs there, and delete everything; the folder itself stays. Raises RefusedError."""
    contents(folder)  # before anything is stopped, held or marked there
    stop(folder)
    with occupied(folder, "reset"):
        stop_leftovers(folder)
        for each in contents(folder):
            if each.is_dir():
                shutil.rmtree(each)
            elif each.name not in {LOCK, MARK}:
                each.unlink()
        for last in (MARK, LOCK):  # a reset that was interrupted can be made again
            (folder / last).unlink()
