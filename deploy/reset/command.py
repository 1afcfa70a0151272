"""`xiaoneng reset`: stop what runs on a data folder, and delete all that it holds."""

from argparse import ArgumentParser, Namespace
from datetime import datetime

from deploy.reset.reset import contents, reset
from deploy.site import add_data, site_of


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--yes", action="store_true", help="确实要删除；没有它只说明会删除什么")
    add_data(parser)


def run(arguments: Namespace, _: datetime) -> int:
    """Carry the command out; 2 without --yes. Raises RefusedError (`not-ours`)."""
    folder = site_of(arguments).data
    found = contents(folder)
    if not found:
        print(f"{folder} 中没有数据。")
        return 0
    if not arguments.yes:
        names = "、".join(each.name for each in found)
        print(f"将停止运行中的平台，并删除 {folder} 中的全部数据：{names}。")
        print("没有备份就无法恢复。确要删除，请加 --yes。")
        return 2
    reset(folder)
    print(f"已删除 {folder} 中的全部数据。")
    return 0
