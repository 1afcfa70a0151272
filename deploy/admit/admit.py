"""Let a city system speak, over HTTP and on the bus, and never under another name by mistake."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta

import asyncpg

from deploy.administrator import administrator
from deploy.refusal import RefusedError
from deploy.tenancies import ELECTRONIC_SUPERVISION
from services.electronic_supervision.doors.systems import CitySystem, admit, systems


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What became of a system: `token` if it got one now, `is_new` if it could not speak before."""

    system: CitySystem
    is_new: bool
    token: str | None = field(repr=False)


async def admitted(
    url: str,
    name: str,
    source: str,
    *,
    settle: timedelta | None = None,
    title: str | None = None,
    new_token: bool = False,
) -> Admission:
    """Admit a system, or change how late it may upload, its title and, if asked, its token.

    None leaves what is known as it is. Its source never changes. Raises RefusedError
    (`source-fixed`, `source-taken`, `not-provisioned`).
    """
    connection = await administrator(url)
    try:
        await connection.execute(f"set search_path to {ELECTRONIC_SUPERVISION.name}")
        async with connection.transaction():
            await connection.execute("lock table city_system in share row exclusive mode")
            known = (await systems(connection)).get(name)
            _refuse_another_source(known, source)
            system = known or CitySystem(name=name, source=source)
            if settle is not None:
                system = replace(system, settle=settle)
            if title is not None:
                system = replace(system, title=title)
            token = secrets.token_urlsafe(24) if known is None or new_token else None
            await admit(connection, system, token=token)
    except asyncpg.UniqueViolationError as error:
        raise source_taken(source, "另一个系统的名义") from error
    except asyncpg.UndefinedTableError as error:
        raise RefusedError(
            "not-provisioned",
            "库中没有电子监察的记录。",
            "请先执行 xiaoneng up 或 xiaoneng provision。",
        ) from error
    finally:
        await connection.close()
    return Admission(system=system, is_new=known is None, token=token)


def source_taken(source: str, whose: str) -> RefusedError:
    """Say that a source is somebody else's."""
    return RefusedError(
        "source-taken", f"{source} 已是{whose}。", "每个系统用自己的 source；请核对后重新执行。"
    )


def _refuse_another_source(known: CitySystem | None, source: str) -> None:
    if known is not None and known.source != source:
        raise RefusedError(
            "source-fixed",
            f"{known.name} 已以 {known.source} 的名义接入，不能改为 {source}。",
            "请用原来的 source，或换一个系统名（play 用 --as NAME）。",
        )
