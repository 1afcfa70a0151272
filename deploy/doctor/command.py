"""`xiaoneng doctor`: look at everything that has to be in order, and say how to mend it."""

import asyncio
import json
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from deploy.block import shown, width
from deploy.doctor import machine, servers, time
from deploy.doctor.finding import SIGNS, Finding, Level, well
from deploy.doctor.passwords import FILE, passwords
from deploy.doctor.ports import ports
from deploy.local.folder import is_ours
from deploy.local.ports import DEFAULT, console_port
from deploy.local.servers import NATS_URL, POSTGRES_URL
from deploy.local.stack import announced
from deploy.refusal import RefusedError
from deploy.site import Site, add_data, site_of

COLUMNS = 14


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument(
        "--port",
        type=console_port,
        default=DEFAULT,
        metavar="N",
        help=f"up 将用的端口，默认 {DEFAULT}；已在运行的平台按其实际端口核对",
    )
    add_data(parser)


def run(arguments: Namespace, now: datetime) -> int:
    """Carry the command out at `now` (aware): 1 only if something required is not in order."""
    found = asyncio.run(_looked(site_of(arguments), arguments.port, now))
    if arguments.json:
        json.dump([asdict(each) for each in found], sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        for each in found:
            _tell(each)
    return 1 if any(each.level is Level.FAILURE for each in found) else 0


async def _looked(site: Site, port: int, now: datetime) -> list[Finding]:
    environment, stack = site.environment, announced(site.data)
    postgres_url = environment.get(POSTGRES_URL) or (stack.postgres_url if stack else "")
    nats_url = environment.get(NATS_URL) or (stack.nats_url if stack else "")
    found = [machine.python(), *servers.own(environment), *await servers.given(environment)]
    found += [ports(site.data, port, environment), machine.disk(site.data)]
    found += [machine.data_folder(site.data), passwords(site)]
    try:
        newest = await servers.newest_record(postgres_url) if postgres_url else None
    except RefusedError:
        newest = None  # what is wrong with the server was said above
    found += [time.clock(now, newest, synchronised=time.is_synchronised()), time.zone()]
    found += [time.calendar(now.astimezone(ZoneInfo(time.ZONE)).date()), machine.fonts()]
    is_known = is_ours(site.data) and (site.data / FILE).exists()  # to look makes none
    if postgres_url and nats_url and is_known:
        found.append(await servers.drift(site, postgres_url, nats_url))
    else:
        found.append(well("drift", "库表和事件流", "没有运行，启动时会核对"))
    found.append(machine.heads(site.heads, site.data))
    return found


def _tell(found: Finding) -> None:
    gap = " " * (COLUMNS - width(found.name))
    print(shown(f"{SIGNS[found.level]} {found.name}{gap}{found.message}"))
    if found.fix:
        print(shown(f"  {' ' * COLUMNS}→ {found.fix}"))
