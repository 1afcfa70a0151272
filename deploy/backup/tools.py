"""PostgreSQL's own tools: found, fit for the server, and run without a password on show."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from deploy.local.postgres import bundled
from deploy.refusal import RefusedError

VERSION = re.compile(r"(\d+)")
LAST_LINES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The folder of pg_dump, pg_restore and psql of one version."""

    folder: Path

    async def run(self, name: str, *arguments: str, url: str | None = None) -> str:
        """Run a tool and return what it wrote. Raises RefusedError (`tool-failed`)."""
        target, environment = ([], None) if url is None else reach(url)
        process = await asyncio.create_subprocess_exec(
            *(str(self.folder / name), *target, *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        out, errors = await process.communicate()
        if process.returncode:
            raise failed(name, errors)
        return out.decode(errors="replace")


def reach(url: str) -> tuple[list[str], Mapping[str, str]]:
    """Return the arguments and environment with which a tool gets to a database.

    A command line can be read by everybody on the machine, an environment by its owner.
    """
    parts = urlsplit(url)
    user = parts.netloc.rpartition("@")[0].partition(":")[0]
    place = f"{user}@{parts.netloc.rpartition('@')[2]}" if user else parts.netloc
    environment = dict(os.environ)
    if parts.password is not None:
        environment["PGPASSWORD"] = unquote(parts.password)
    return [f"--dbname={urlunsplit(parts._replace(netloc=place))}"], environment


def failed(name: str, errors: bytes) -> RefusedError:
    """Say that a tool did not do its work, with the last lines it wrote."""
    lines = errors.decode(errors="replace").strip().splitlines()[-LAST_LINES:]
    return RefusedError(
        "tool-failed",
        f"{name} 没有完成：{'；'.join(lines)}。",
        "请按上述原因处理（磁盘空间、权限、网络）后重新执行。",
    )


def tools_for(major: int, *, newest: int = 99) -> Tools:
    """Return the oldest tools that are not older than the server's major version.

    Nor newer than `newest`. Raises RefusedError (`tool-missing`).
    """
    on_path = shutil.which("pg_dump")
    # Debian's pg_dump on the path leads to a wrapper; the others stand beside either
    beside = [Path(on_path).resolve().parent, Path(on_path).parent] if on_path else []
    fit = {}
    for folder in filter(None, [bundled(), *beside]):  # the administrator's own come last, and win
        if major <= (version := _version(folder)) <= newest:
            fit[version] = folder
    if not fit:
        raise RefusedError(
            "tool-missing",
            f"找不到与 PostgreSQL {major} 相配的 pg_dump、pg_restore、psql。",
            "请安装与服务器相配的 PostgreSQL 客户端，并放入 PATH。",
        )
    return Tools(folder=fit[min(fit)])


def _version(folder: Path) -> int:
    """Return the major version of the tools in a folder; 0 unless all are there."""
    lowest = 0
    for name in ("pg_dump", "pg_restore", "psql"):
        tool = folder / name
        if not tool.exists():
            return 0
        told = subprocess.run([str(tool), "--version"], capture_output=True, text=True, check=False)
        found = VERSION.search(told.stdout)
        version = int(found[1]) if found and told.returncode == 0 else 0
        lowest = min(lowest or version, version)
    return lowest


def arguments(schemas: Sequence[str]) -> list[str]:
    """Name the schemas to dump, each of which must be there."""
    return ["--strict-names", *(f"--schema={each}" for each in schemas)]
