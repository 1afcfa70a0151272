"""Posts on a day: who is A, who is B, and who of them is there."""

from dataclasses import dataclass
from datetime import date

import asyncpg

SELECT = """
select p.code, v.name, p.unit, p.section, p.effective_from,
       least(p.closed_from, s.closed_from, u.closed_from) as closed_from,
       a.person as a_person, a.name as a_name, a.since as a_since,
       a.away_from as a_away_from, a.away_through as a_away_through,
       b.person as b_person, b.name as b_name, b.since as b_since,
       b.away_from as b_away_from, b.away_through as b_away_through
from post p
join unit u on u.code = p.unit
left join section s on s.code = p.section
join lateral (
    select w.name from post_version w where w.post = p.code
    order by w.first_day <= $1 desc, abs(w.first_day - $1) limit 1
) v on true
left join lateral holder_on(p.code, 'A', $1) a on true
left join lateral holder_on(p.code, 'B', $1) b on true
"""
OF_CODE = f"{SELECT} where p.code = $2"
AFTER = f"""{SELECT}
where p.code > $2 and ($4::text is null or p.unit = $4)
  and (not $5 or p.effective_from <= $1
       and (least(p.closed_from, s.closed_from, u.closed_from) is null
            or $1 < least(p.closed_from, s.closed_from, u.closed_from)))
order by p.code limit $3
"""

OF_PERSON = """
select p.code as post, v.name, t.place, t.first_day as since
from tenure t
join post p on p.code = t.post
join unit u on u.code = p.unit
left join section s on s.code = p.section
join person on person.code = t.person
    and (person.closed_from is null or $2 < person.closed_from)
join lateral (
    select w.name from post_version w where w.post = p.code and w.first_day <= $2
    order by w.first_day desc limit 1
) v on true
where t.person = $1
  and (least(p.closed_from, s.closed_from, u.closed_from) is null
       or $2 < least(p.closed_from, s.closed_from, u.closed_from))
  and t.first_day <= $2 and (t.end_day is null or $2 < t.end_day)
order by p.code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who is A or B on a day; away from a day on, through a day if it is known, if he is away."""

    person: str
    name: str
    since: date
    away_from: date | None
    away_through: date | None

    @property
    def is_present(self) -> bool:
        """Tell whether he is there."""
        return self.away_from is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    """A post on a day; `closed_from` is the first local day without it, its section or unit."""

    code: str
    name: str
    unit: str
    section: str | None
    effective_from: date
    closed_from: date | None
    a: Holder | None
    b: Holder | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A post that somebody holds (A) or covers (B)."""

    post: str
    name: str
    place: str
    since: date


async def post(connection: asyncpg.Connection, code: str, on: date) -> PostRow | None:
    """Return a post as it is on a day, None if it was never established."""
    row = await connection.fetchrow(OF_CODE, on, code)
    return None if row is None else _post(row, on)


async def posts(
    connection: asyncpg.Connection,
    *,
    after: str,
    limit: int,
    on: date,
    unit: str | None = None,
    is_there: bool = False,
) -> list[PostRow]:
    """Return the posts whose codes follow one, as they are on a day, in order.

    `unit` leaves out those of other units, `is_there` those that are not there on that day.
    """
    rows = await connection.fetch(AFTER, on, after, limit, unit, is_there)
    return [_post(row, on) for row in rows]


async def posts_of(connection: asyncpg.Connection, person: str, on: date) -> list[Holding]:
    """Return the posts that somebody holds or covers on a day."""
    return [Holding(**row) for row in await connection.fetch(OF_PERSON, person, on)]


def _post(row: asyncpg.Record, on: date) -> PostRow:
    is_over = row["closed_from"] is not None and row["closed_from"] <= on
    return PostRow(
        code=row["code"],
        name=row["name"],
        unit=row["unit"],
        section=row["section"],
        effective_from=row["effective_from"],
        closed_from=row["closed_from"],
        a=None if is_over else _holder(row, "a"),
        b=None if is_over else _holder(row, "b"),
    )


def _holder(row: asyncpg.Record, place: str) -> Holder | None:
    if row[f"{place}_person"] is None:
        return None
    return Holder(
        person=row[f"{place}_person"],
        name=row[f"{place}_name"],
        since=row[f"{place}_since"],
        away_from=row[f"{place}_away_from"],
        away_through=row[f"{place}_away_through"],
    )
