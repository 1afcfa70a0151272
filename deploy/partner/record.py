"""What a partner is on record: its terms, its keys and its token, all in one transaction."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg

from deploy.administrator import administrator
from deploy.partner.keys import Keys, fresh_keys
from deploy.partner.refusals import refusal_of, source_taken
from deploy.refusal import RefusedError
from deploy.tenancies import ACCESS, ELECTRONIC_SUPERVISION
from kernel.access import tokens
from kernel.access.partner import AddPartner, RevokePartner, RotateKeys, Terms
from kernel.access.partners import PartnerRow, carry_out, partners
from kernel.access.policy import Role
from kernel.access.principal import Acting, Grant
from kernel.access.refused import Refused
from services.electronic_supervision.doors.partners import shown_as
from services.electronic_supervision.doors.systems import CitySystem, admit, systems


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What became of a partner: its old public key, and the keys and the token that it got now."""

    name: str
    terms: Terms
    nkey: str | None
    old_nkey: str | None = None
    is_new: bool = False
    keys: Keys | None = None
    token: str | None = field(default=None, repr=False)


async def add(url: str, name: str, wish: Mapping[str, Any], *, now: datetime, by: Acting) -> Held:
    """Let a system take part, or change its terms; `wish` names the fields of Terms to set.

    Keys are made for one that has none. A token says what its holder may do: one whose terms of
    reading change gets another. Raises RefusedError.
    """
    async with _record(url) as connection:
        before = await _known(connection, name)
        old = before.terms if before is not None else await _as_system(connection, name)
        terms = Terms(**{field: wish.get(field, getattr(old, field)) for field in FIELDS})
        if old.source not in (None, terms.source):
            raise Refused("source-fixed", field="source")
        keys = None if before is not None and before.nkey else fresh_keys()
        nkey = None if keys is None else keys.public
        await carry_out(
            connection, name, AddPartner(name=name, terms=terms, nkey=nkey), now=now, by=by
        )
        is_same = before is not None and grants_of(before.terms) == grants_of(terms)
        token = None
        if not (is_same and await _has_token(connection, name)):
            token = await _new_token(connection, name, terms, now=now, by=by)
        # under another name, one of its source would get around its limits
        await _revoke_tokens(connection, OF_OTHERS, name, terms.source, now=now, by=by)
        await _tell_supervision(connection, name)
    held_key = nkey or (before.nkey if before is not None else None)
    return Held(
        name=name, terms=terms, nkey=held_key, is_new=before is None, keys=keys, token=token
    )


async def introduce(url: str, name: str, source: str, *, now: datetime, by: Acting) -> bool:
    """Let a system be spoken for by us, without keys or a token; tell if it is new here.

    One that is known under this source stays as it is. Raises RefusedError (`partner-revoked`:
    under this name or this source somebody takes part no more).
    """
    async with _record(url) as connection:
        if any(
            each.revoked_at is not None and (each.name == name or each.terms.source == source)
            for each in await partners(connection)
        ):
            raise Refused("partner-revoked", field="name")
        known = await _known(connection, name)
        if known is not None and known.terms.source == source:
            return False
        system = await _as_system(connection, name)
        if system.source not in (None, source):
            raise Refused("source-fixed", field="source")
        before = known.terms if known is not None else system
        terms = Terms(**{each: getattr(before, each) for each in FIELDS} | {"source": source})
        command = AddPartner(name=name, terms=terms, nkey=None)
        await carry_out(connection, name, command, now=now, by=by)
        await _tell_supervision(connection, name)
    return system.source is None


async def rotate(url: str, name: str, *, now: datetime, by: Acting) -> Held:
    """Give a partner new keys and a new token; the old ones open nothing. Raises RefusedError."""
    async with _record(url) as connection:
        before, keys = await _known(connection, name), fresh_keys()
        await carry_out(connection, name, RotateKeys(name=name, nkey=keys.public), now=now, by=by)
        if before is None:
            raise refusal_of(Refused("partner-unknown"), name)
        token = await _new_token(connection, name, before.terms, now=now, by=by)
        await _tell_supervision(connection, name)
    return Held(
        name=name,
        terms=before.terms,
        nkey=keys.public,
        old_nkey=before.nkey,
        keys=keys,
        token=token,
    )


async def revoke(url: str, name: str, *, now: datetime, by: Acting) -> Held:
    """Let a partner take part no more; what it reported stays. Raises RefusedError."""
    async with _record(url) as connection:
        before = await _known(connection, name)
        await carry_out(connection, name, RevokePartner(name=name), now=now, by=by)
        if before is None:
            raise refusal_of(Refused("partner-unknown"), name)
        await _revoke_tokens(connection, OF_PARTNER, name, before.terms.source, now=now, by=by)
        await _tell_supervision(connection, name)
    return Held(name=name, terms=before.terms, nkey=None, old_nkey=before.nkey)


async def listed(url: str) -> list[PartnerRow]:
    """Return all partners; none before provisioning."""
    connection = await administrator(url)
    try:
        await connection.execute(f"set search_path to {ACCESS.name}")
        if await connection.fetchval("select to_regclass('partner')") is None:
            return []
        return await partners(connection)
    finally:
        await connection.close()


FIELDS = tuple(Terms.__dataclass_fields__)
OF_PARTNER = "select id from token where (name = $1 or source = $2) and revoked_at is null"
OF_OTHERS = "select id from token where name <> $1 and source = $2 and revoked_at is null"
IN_FORCE = "select exists (select from token where name = $1 and revoked_at is null)"


def grants_of(terms: Terms) -> frozenset[Grant]:
    """Return in which roles a partner comes to the HTTP doors, and for which units."""
    found = set()
    if terms.source is not None:
        found.add(Grant(role=Role.PUBLISHER))
    if terms.subscribes:
        units: list[str | None] = [*terms.units] or [None]
        found |= {Grant(role=Role.SUBSCRIBER, unit=unit) for unit in units}
    return frozenset(found)


@asynccontextmanager
async def _record(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Open the record of access in a transaction, one command at a time. Raises RefusedError."""
    connection = await administrator(url)
    try:
        async with connection.transaction():
            await _enter(connection, ACCESS.name)
            await connection.execute("lock table partner in share row exclusive mode")
            yield connection
    except Refused as refused:
        raise refusal_of(refused, "") from refused
    except asyncpg.UniqueViolationError as error:
        raise source_taken("所写的 source", "另一个系统的名义") from error
    except asyncpg.UndefinedTableError as error:
        raise RefusedError(
            "not-provisioned",
            "库中没有本平台的记录。",
            "请先执行 xiaoneng up 或 xiaoneng provision。",
        ) from error
    finally:
        await connection.close()


async def _enter(connection: asyncpg.Connection, schema: str) -> None:
    await connection.execute(f"set local search_path to {schema}")


async def _known(connection: asyncpg.Connection, name: str) -> PartnerRow | None:
    return next((each for each in await partners(connection) if each.name == name), None)


async def _as_system(connection: asyncpg.Connection, name: str) -> Terms:
    """Return the terms of a system that reported before there were partners, or by a demo."""
    await _enter(connection, ELECTRONIC_SUPERVISION.name)
    known = (await systems(connection)).get(name)
    await _enter(connection, ACCESS.name)
    if known is None:
        return Terms()
    return Terms(
        title=known.title,
        source=known.source,
        settle=known.settle,
        rate=known.rate,
        largest=known.largest,
    )


async def _has_token(connection: asyncpg.Connection, name: str) -> bool:
    found: bool = await connection.fetchval(IN_FORCE, name)
    return found


async def _new_token(
    connection: asyncpg.Connection, name: str, terms: Terms, *, now: datetime, by: Acting
) -> str:
    if await _has_token(connection, name):
        await tokens.revoke(connection, name, now=now, by=by)
    grants = sorted(grants_of(terms), key=lambda each: (each.role, each.unit or ""))
    return await tokens.issue(
        connection,
        name=name,
        grants=grants,
        source=terms.source,
        now=now,
        expires_at=None,
        by=by,
    )


async def _revoke_tokens(
    connection: asyncpg.Connection,
    which: str,
    name: str,
    source: str | None,
    *,
    now: datetime,
    by: Acting,
) -> None:
    for each in await connection.fetch(which, name, source):
        await tokens.revoke(connection, each["id"], now=now, by=by)


async def _tell_supervision(connection: asyncpg.Connection, name: str) -> None:
    """Write what the intake and the pages need to know of a partner."""
    row = await _known(connection, name)
    if row is None:
        return
    await _enter(connection, ELECTRONIC_SUPERVISION.name)
    if row.terms.source is not None:
        system = CitySystem(
            name=name,
            source=row.terms.source,
            settle=row.terms.settle,
            title=row.terms.title,
            rate=row.terms.rate,
            largest=row.terms.largest,
        )
        await admit(connection, system)
    await shown_as(
        connection,
        name=name,
        title=row.terms.title,
        subscribes=row.terms.subscribes,
        units=row.terms.units,
        durable=row.terms.durable,
        has_keys=row.nkey is not None,
        added_at=row.added_at,
        revoked_at=row.revoked_at,
    )
    await _enter(connection, ACCESS.name)
