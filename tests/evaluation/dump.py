"""All that the tables of the register say."""

import asyncpg

ALL = """
select 'unit ' || to_jsonb(t)::text as row from unit t
union all select 'unit_alias ' || to_jsonb(t)::text from unit_alias t
union all select 'unit_version ' || to_jsonb(t)::text from unit_version t
union all select 'section ' || to_jsonb(t)::text from section t
union all select 'section_version ' || to_jsonb(t)::text from section_version t
union all select 'person ' || to_jsonb(t)::text from person t
union all select 'person_version ' || to_jsonb(t)::text from person_version t
union all select 'post ' || to_jsonb(t)::text from post t
union all select 'post_version ' || to_jsonb(t)::text from post_version t
union all select 'tenure ' || to_jsonb(t)::text from tenure t
union all select 'absence ' || to_jsonb(t)::text from absence t
order by row
"""


async def dump(connection: asyncpg.Connection) -> list[str]:
    """Return it in a canonical form."""
    return [row["row"] for row in await connection.fetch(ALL)]
