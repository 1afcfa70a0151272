"""The database role of each service: may log in, and nothing more by itself."""

import re
import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from deploy.provision.difference import Difference
from deploy.provision.scram import verifier
from kernel.tenancy import Tenancy

STATE = """
select rolcanlogin as login, rolsuper as superuser, rolcreatedb as createdb,
       rolcreaterole as createrole, rolreplication as replication, rolbypassrls as bypassrls,
       exists (select from pg_auth_members where member = r.oid) as is_member,
       exists (select from pg_shdepend where refclassid = 'pg_authid'::regclass and refobjid = r.oid
               and deptype = 'o') as is_owner,
       (select setconfig from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
        where d.datname = current_database() and s.setrole = r.oid) as settings
from pg_roles r where rolname = $1
"""
ANOTHER = re.compile(r",(?=[a-z]+://)")
"""Where a further URL begins; a comma alone separates the hosts of one."""

FORBIDDEN = ("superuser", "createdb", "createrole", "replication", "bypassrls")


def role_of(tenancy: Tenancy) -> str:
    """Name the database role of a service."""
    return f"xiaoneng_{tenancy.name}"


def url_for(url: str, user: str, password: str) -> str:
    """Return the same URL for another user; of several separated by commas, each."""
    return ",".join(_for(each, user, password) for each in ANOTHER.split(url))


def _for(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.netloc.rpartition('@')[2]}"))


async def plan(
    connection: asyncpg.Connection, url: str, tenancy: Tenancy, password: str
) -> list[Difference]:
    """Return what is not as it should be about the role of a service."""
    role = role_of(tenancy)
    state = await connection.fetchrow(STATE, role)
    if state is None:
        return [Difference(code="role-missing", where=role, message="数据库角色尚未建立。")]
    found = [
        Difference(code="role-attribute", where=role, message=f"角色不应有 {each.upper()} 属性。")
        for each in FORBIDDEN
        if state[each]
    ]
    if state["is_member"]:
        message = "角色是其他角色的成员，可能借此越权；请先用 REVOKE 解除。"
        found.append(Difference(code="role-member", where=role, message=message, is_safe=False))
    if state["is_owner"]:
        message = "角色拥有数据库对象，可能借此越权；请先用 REASSIGN OWNED 移交。"
        found.append(Difference(code="role-owner", where=role, message=message, is_safe=False))
    if list(state["settings"] or []) != [f"search_path={tenancy.name}"]:
        message = f"角色在本库的设置应当只有 search_path={tenancy.name}。"
        found.append(Difference(code="role-setting", where=role, message=message))
    if not state["login"] or not await _lets_in(url_for(url, role, password)):
        message = "角色不能用所配的口令登录。"
        found.append(Difference(code="role-password", where=role, message=message))
    return found


async def apply(
    connection: asyncpg.Connection, tenancy: Tenancy, password: str, codes: Sequence[str]
) -> None:
    """Put right what `plan` found; `codes` are those of its differences."""
    role = role_of(tenancy)
    if "role-missing" in codes:
        await connection.execute(f"create role {role}")
    if "role-attribute" in codes:
        state = await connection.fetchrow(STATE, role)
        for each in FORBIDDEN:
            if state and state[each]:
                await connection.execute(f"alter role {role} no{each}")
    if {"role-missing", "role-password"} & set(codes):
        secret = verifier(password, secrets.token_bytes(16))
        await connection.execute(
            f"alter role {role} login password '{secret}' valid until 'infinity'"
        )
    if {"role-missing", "role-setting"} & set(codes):
        database = await connection.fetchval("select quote_ident(current_database())")
        place = f"alter role {role} in database {database}"
        await connection.execute(f"{place} reset all")
        await connection.execute(f"{place} set search_path = {tenancy.name}")


async def _lets_in(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url)
    except asyncpg.InvalidAuthorizationSpecificationError:
        return False
    except asyncpg.InsufficientPrivilegeError:
        return True  # the password was right; that CONNECT is missing shows among the grants
    await connection.close()
    return True
