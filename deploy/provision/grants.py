"""What each role may do in the database: its own record only, and of that nothing undone."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import asyncpg

from deploy.provision.difference import Difference
from deploy.provision.roles import role_of
from deploy.provision.schemas import within
from kernel.tenancy import Tenancy

# everything the roles were granted anywhere, and everybody was granted where we live
HAD = """
with objects (kind, namespace, name, acl) as (
    select 'database', null, quote_ident(datname), coalesce(datacl, acldefault('d', datdba))
    from pg_database where datname = current_database()
    union all
    select 'schema', nspname, quote_ident(nspname), coalesce(nspacl, acldefault('n', nspowner))
    from pg_namespace
    union all
    select case relkind when 'S' then 'sequence' else 'table' end, relnamespace::regnamespace::text,
           c.oid::regclass::text,
           coalesce(relacl,
                    acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner))
    from pg_class c where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    union all
    select 'routine', pronamespace::regnamespace::text, p.oid::regprocedure::text,
           coalesce(proacl, acldefault('f', proowner))
    from pg_proc p
), granted (kind, namespace, name, grantee, privilege, is_grantable) as (
    select kind, namespace, name, grantee, privilege_type, is_grantable
    from objects cross join lateral aclexplode(acl)
    union all
    select 'table', relnamespace::regnamespace::text, attrelid::regclass::text,
           a.grantee, format('%s (%I)', privilege_type, attname), a.is_grantable
    from pg_attribute join pg_class c on c.oid = attrelid cross join lateral aclexplode(attacl) a
)
select kind, name, case grantee when 0 then 'public' else rolname::text end, privilege, is_grantable
from granted left join pg_roles on oid = grantee
where coalesce(namespace, '') !~ '^(pg_|information_schema)'
  and (rolname = any($1)
       or grantee = 0 and (kind = 'database' or namespace = any($2)
                           or kind = 'schema' and namespace = 'public'))
"""
OBJECTS = """
select case relkind when 'S' then 'sequence' when 'r' then 'table' when 'p' then 'table'
       else 'view' end as kind, relname as short, c.oid::regclass::text as name
from pg_class c where relnamespace = to_regnamespace($1) and relkind in ('r', 'p', 'v', 'm', 'S')
union all
select 'routine', proname, p.oid::regprocedure::text
from pg_proc p where pronamespace = to_regnamespace($1)
"""

ADD_ONLY = {"event", "publication", "command_key"}
READ_ONLY = {"migration", "epoch"}


class Grant(NamedTuple):
    """A privilege on a database, schema, table, sequence or routine."""

    kind: str
    name: str
    role: str
    privilege: str
    is_grantable: bool = False

    @property
    def words(self) -> str:
        """Say it as SQL does."""
        passed_on = "，且可转授" if self.is_grantable else ""
        return f"{self.privilege} on {self.kind} {self.name}{passed_on}"


async def plan(connection: asyncpg.Connection, tenancies: Sequence[Tenancy]) -> list[Difference]:
    """Return which grants are missing, and which should not be."""
    missing, excess = await _compared(connection, tenancies)
    return [
        *(_difference("grant-missing", each, "缺少权限") for each in missing),
        *(_difference("grant-excess", each, "多出权限") for each in excess),
    ]


async def apply(connection: asyncpg.Connection, tenancies: Sequence[Tenancy]) -> None:
    """Revoke and grant until the roles may do what they should."""
    missing, excess = await _compared(connection, tenancies)
    for each in excess:
        await connection.execute(
            f"revoke {each.privilege} on {each.kind} {each.name} from {each.role} cascade"
        )
    for each in missing:
        await connection.execute(
            f"grant {each.privilege} on {each.kind} {each.name} to {each.role}"
        )


async def _compared(
    connection: asyncpg.Connection, tenancies: Sequence[Tenancy]
) -> tuple[list[Grant], list[Grant]]:
    async with within(connection, "''"):  # so that all names are qualified
        schemas, roles = [each.name for each in tenancies], [role_of(each) for each in tenancies]
        had = {Grant(*row) for row in await connection.fetch(HAD, roles, schemas)}
        database = await connection.fetchval("select quote_ident(current_database())")
        wanted: set[Grant] = set()
        for each in tenancies:
            wanted |= {Grant("database", database, role_of(each), "CONNECT")}
            wanted |= set(await _wanted(connection, each))
    return sorted(wanted - had), sorted(had - wanted)


async def _wanted(connection: asyncpg.Connection, tenancy: Tenancy) -> Iterable[Grant]:
    role = role_of(tenancy)
    objects = await connection.fetch(OBJECTS, tenancy.name)
    return [
        Grant("schema", tenancy.name, role, "USAGE"),
        *(
            Grant("table" if kind == "view" else kind, name, role, privilege)
            for kind, short, name in objects
            for privilege in _privileges(kind, short)
        ),
    ]


def _privileges(kind: str, name: str) -> Sequence[str]:
    match kind:
        case "routine":
            return ["EXECUTE"]
        case "sequence":
            return ["USAGE", "SELECT"]
        case "view":
            return ["SELECT"]
        case _ if name in READ_ONLY:
            return ["SELECT"]
        case _ if name in ADD_ONLY:
            return ["SELECT", "INSERT"]
        case _:
            return ["SELECT", "INSERT", "UPDATE", "DELETE"]


def _difference(code: str, grant: Grant, message: str) -> Difference:
    return Difference(code=code, where=grant.role, message=f"{message}：{grant.words}。")
