"""The whole register as the lines of a document, as it stands with all that was said."""

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import asyncpg

from services.evaluation.document.lines import (
    AliasLine,
    AnyLine,
    PersonLine,
    PostLine,
    SectionLine,
    UnitLine,
)

UNITS = """
select u.code, v.name, v.unit_group as group, v.first_day as effective_from,
       u.effective_from as since, u.closed_from, u.successor
from unit u
join lateral (
    select w.* from unit_version w where w.unit = u.code order by w.first_day desc limit 1
) v on true
order by u.code
"""
ALIASES = "select unit, source, code from unit_alias where is_open order by unit, source, code"
SECTIONS = """
select s.code, v.name, s.unit, v.first_day as effective_from, s.effective_from as since,
       s.closed_from
from section s
join lateral (
    select w.* from section_version w where w.section = s.code order by w.first_day desc limit 1
) v on true
order by s.code
"""
PEOPLE = """
select p.code, v.name, v.unit, v.section, v.duty, v.first_day as effective_from,
       p.effective_from as since, p.closed_from
from person p
join lateral (
    select w.* from person_version w where w.person = p.code order by w.first_day desc limit 1
) v on true
order by p.code
"""
POSTS = """
select p.code, v.name, p.unit, p.section, v.first_day as effective_from,
       p.effective_from as since,
       case when a.end_day is null then a.person end as a,
       coalesce(a.end_day, a.first_day) as a_from,
       case when b.end_day is null then b.person end as b,
       coalesce(b.end_day, b.first_day) as b_from,
       p.closed_from
from post p
join lateral (
    select w.* from post_version w where w.post = p.code order by w.first_day desc limit 1
) v on true
left join lateral (
    select t.* from tenure t where t.post = p.code and t.place = 'A'
    order by t.first_day desc limit 1
) a on true
left join lateral (
    select t.* from tenure t where t.post = p.code and t.place = 'B'
    order by t.first_day desc limit 1
) b on true
order by p.code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All entries by their codes; aliases by source and code."""

    units: Mapping[str, UnitLine]
    aliases: Mapping[tuple[str, str], AliasLine]
    sections: Mapping[str, SectionLine]
    people: Mapping[str, PersonLine]
    posts: Mapping[str, PostLine]

    def sheets(self) -> Mapping[str, list[AnyLine]]:
        """Return the lines of each sheet, in order."""
        return {
            "units": list(self.units.values()),
            "aliases": list(self.aliases.values()),
            "sections": list(self.sections.values()),
            "people": list(self.people.values()),
            "posts": list(self.posts.values()),
        }

    def digest(self) -> str:
        """Return what changes whenever the register does (hexadecimal)."""
        told = sha256()
        for sheet, lines in self.sheets().items():
            for line in lines:
                told.update(f"{sheet} {line.model_dump_json()}\n".encode())
        return told.hexdigest()


async def snapshot(connection: asyncpg.Connection) -> Snapshot:
    """Return the register; of one state only in a transaction that sees one."""
    rows = [await connection.fetch(each) for each in (UNITS, ALIASES, SECTIONS, PEOPLE, POSTS)]
    # others are to be answered meanwhile
    return await to_thread(_of, *rows)


def _of(*rows: Sequence[asyncpg.Record]) -> Snapshot:
    units = [UnitLine(**row) for row in rows[0]]
    aliases = [AliasLine(**row) for row in rows[1]]
    sections = [SectionLine(**row) for row in rows[2]]
    people = [PersonLine(**row) for row in rows[3]]
    posts = [PostLine(**row) for row in rows[4]]
    return Snapshot(
        units={each.code: each for each in units},
        aliases={(each.source, each.code): each for each in aliases},
        sections={each.code: each for each in sections},
        people={each.code: each for each in people},
        posts={each.code: each for each in posts},
    )
