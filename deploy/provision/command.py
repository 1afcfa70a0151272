"""`xiaoneng provision`: make the servers what the services expect, or say what differs."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from deploy.local.accounts import User, accounts
from deploy.local.servers import POSTGRES_URL
from deploy.provision.difference import Difference
from deploy.provision.jetstream import connected
from deploy.provision.provision import plan, provision
from deploy.provision.roles import url_for
from deploy.refusal import RefusedError
from deploy.site import Site, add_data, completed, site_of
from deploy.tenancies import TENANCIES

SUMMARY = "开通：在 PostgreSQL 和 NATS 上建立各服务所需的一切，可反复执行"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--check", action="store_true", help="只列出差异，不作更改；有差异则返回 1")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument(
        "--nats-config", action="store_true", help="打印应写入 NATS 服务器配置的用户，内含口令"
    )
    add_data(parser)


def run(arguments: Namespace, _: datetime) -> int:
    """Carry the command out. Raises RefusedError."""
    site = site_of(arguments)
    if arguments.nats_config:
        users = _users(site)
        print(json.dumps({"accounts": accounts(users)}, indent=2, ensure_ascii=False))
        return 0
    with site.both(creates=not arguments.check) as (postgres_url, nats_url):
        who = (postgres_url, nats_url, site.passwords(), site.settings)
        done = [] if arguments.check else completed(provision(*who)).applied
        left = completed(plan(*who)) if arguments.check else []
        if site.has_foreign_bus:
            left += completed(_strangers(site, nats_url))
    _tell(arguments, done, left)
    return 1 if left else 0


def _users(site: Site) -> Sequence[User]:
    """Return all users of the bus; before there is a database, there are no partners either."""
    url = site.environment.get(POSTGRES_URL, "")
    try:
        return site.users(url)
    except RefusedError as refused:
        if refused.code != "postgres-unreachable":
            raise
    print("连不上 PostgreSQL，以下不含伙伴系统；库启动后请重新执行。", file=sys.stderr)
    return site.users()


async def _strangers(site: Site, nats_url: str) -> list[Difference]:
    """Return the services that a NATS server of others does not let in."""
    passwords, found = site.passwords(), []
    for each in [each for each in TENANCIES if each.is_on_bus]:
        try:
            client = await connected(url_for(nats_url, each.name, passwords[each.name]), each.name)
        except RefusedError:
            message = "NATS 上没有此用户，或口令不同；请按 --nats-config 的输出配置服务器。"
            found.append(Difference(code="nats-user", where=each.name, message=message))
        else:
            await client.close()
    return found


def _tell(arguments: Namespace, done: Sequence[Difference], left: Sequence[Difference]) -> None:
    if arguments.json:
        told = {"applied": [asdict(each) for each in done], "left": [asdict(e) for e in left]}
        json.dump(told, sys.stdout, indent=2, ensure_ascii=False)
        print()
        return
    for each in done:
        print(f"已改正  {each.words()}")
    for each in left:
        print(f"待处理  {each.words()}")
    if not done and not left:
        print("一切如所应有，没有改动。")
