"""`xiaoneng backup` and `xiaoneng restore`: the records, into a folder and back."""

from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path

from deploy.backup.backup import backup
from deploy.backup.manifest import Manifest
from deploy.backup.restore import restore
from deploy.site import SERVICES, add_data, completed, site_of

BACKUP = "备份：把各服务的记录按同一时刻写入一个新目录"
RESTORE = "恢复：由备份取回各服务的记录，要么全部，要么不动"


def add_backup_arguments(parser: ArgumentParser) -> None:
    """Declare what `backup` takes."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="要写入的新目录")
    add_data(parser)


def add_restore_arguments(parser: ArgumentParser) -> None:
    """Declare what `restore` takes."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="备份所在的目录")
    parser.add_argument("--replace", action="store_true", help="取代目标库中已有的记录")
    add_data(parser)


def run_backup(arguments: Namespace, now: datetime) -> int:
    """Carry `backup` out at `now` (aware). Raises RefusedError."""
    site = site_of(arguments)
    with site.postgres() as url:
        manifest = completed(backup(url, arguments.folder.absolute(), now))
    print(f"已备份到 {arguments.folder}，并已重新读过一遍。")
    _tell(manifest)
    for each in (each for each in SERVICES if each not in manifest.services):
        print(f"  {each}：库中还没有它的记录，备份中也没有。")
    return 0


def run_restore(arguments: Namespace, now: datetime) -> int:
    """Carry `restore` out at `now` (aware). Raises RefusedError."""
    site = site_of(arguments)
    folder = arguments.folder.absolute()
    with site.both(creates=True) as (postgres_url, nats_url):
        heads = site.heads_to_write()
        restored = completed(
            restore(
                *(postgres_url, nats_url, folder, heads, site.passwords(), now),
                replace=arguments.replace,
                settings=site.settings,
            )
        )
    print(f"已由 {arguments.folder}（{restored.manifest.taken_at}）恢复，并已逐条核验。")
    _tell(restored.manifest)
    for name, position in restored.older.items():
        print(
            f"{name}：这是一份较早的备份，已知记录曾到第 {position} 条。"
            f"如启动后报告 stream-ahead，请停止服务并执行 xiaoneng epoch open {name}。"
        )
    return 0


def _tell(manifest: Manifest) -> None:
    for name, record in manifest.services.items():
        print(f"  {name}：{record.position} 条事件，{record.publication} 条发布。")
