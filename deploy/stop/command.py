"""`xiaoneng stop`: end what runs on a data folder, in good order, and keep the data."""

from argparse import ArgumentParser, Namespace
from datetime import datetime

from deploy.site import add_data, site_of
from deploy.stop.stop import stop


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    add_data(parser)


def run(arguments: Namespace, _: datetime) -> int:
    """Carry the command out. Raises RefusedError (`data-in-use`, `stop-failed`)."""
    folder = site_of(arguments).data
    pid = stop(folder)
    if pid is None:
        print(f"{folder} 上没有在运行的平台。")
    else:
        print(f"已停止（进程 {pid}），数据保留在 {folder}。")
    return 0
