-- The record of one service: what happened, what was said of it, and which commands were carried out.
-- Rows are only ever added, by append().

create table event (
    position    bigint      primary key,           -- contiguous from 1 over the whole service
    stream      text        not null,
    version     int         not null,              -- contiguous from 1 within the stream
    id          text        not null unique,
    type        text        not null,
    data        text        not null,              -- JSON, kept byte for byte as it was hashed
    metadata    text        not null,              -- JSON: who, why, trace
    recorded_at timestamptz not null,
    hash        bytea       not null,              -- sha256(hash of the row before || this row)
    unique (stream, version)
);

-- The source counts anew after an older record was restored: what it had said since is disowned.
create table epoch (
    number    int         primary key,             -- contiguous from 1
    after     bigint      not null,                -- sequence of the last publication before it
    opened_at timestamptz not null default now()
);

insert into epoch (number, after) values (1, 0);

create table publication (
    sequence bigint primary key,                   -- contiguous from 1; the CloudEvents sequence is
                                                   -- counted from the beginning of the epoch
    position bigint not null references event,
    subject  text   not null,
    body     text   not null                       -- the exact event as it is sent
);

create index publication_of_event on publication (position);

create table command_key (
    key    text   primary key,
    digest bytea  not null,
    first  bigint not null,
    last   bigint not null
);

-- Add events, what they publish and the key of their command, as the last statement before commit.
--
-- p_version:   the version an event must get in its stream; null takes the next one.
-- p_of_event:  the index (from 1) of the event that a publication belongs to.
-- p_number_at: where in a body (in characters, from 1) the 20 digits of its sequence go.
-- p_epoch:     the epoch for which the bodies were written.
--
-- Raises XN409 (expected-version), XN422 (key-reused: same key, other digest), XN410
-- (epoch-closed: the bodies name a source that speaks no more) or XN423 (stream-disputed: the stream
-- holds what this record does not, so that the next numbers are taken). A command carried
-- out before returns its positions again and is_repeat.
create function append(
    p_stream text[], p_version int[], p_id text[], p_type text[], p_data text[], p_metadata text[],
    p_recorded_at timestamptz,
    p_of_event int[], p_subject text[], p_body text[], p_number_at int[],
    p_key text, p_digest bytea, p_epoch int,
    out first_position bigint, out last_position bigint, out is_repeat boolean
) language plpgsql as $$
declare
    n          int := cardinality(p_id);
    at_micros  text := (extract(epoch from p_recorded_at) * 1000000)::bigint::text;
    versions   int[];
    hashes     bytea[];
    previous   bytea;
    last_number bigint;
    current    epoch;
    known      command_key;
begin
    -- lock: the order of commits must equal the order of positions, or a reader would skip events
    perform pg_advisory_xact_lock(hashtextextended(current_schema(), 0));

    if p_key is not null then
        select * into known from command_key where key = p_key;
        if found then
            if known.digest <> p_digest then
                raise exception 'key-reused' using errcode = 'XN422', detail = p_key;
            end if;
            first_position := known.first;
            last_position := known.last;
            is_repeat := true;
            return;
        end if;
    end if;

    with input as (
        select * from unnest(p_stream, p_version) with ordinality as i(stream, version, nr)
    ), head as materialized (  -- else once for each event, not for each stream
        select s.stream, coalesce(
            (select e.version from event e where e.stream = s.stream order by e.version desc limit 1),
            0) as version
        from (select distinct stream from input) s
    ), numbered as (
        select i.nr, i.version as wanted,
               h.version + row_number() over (partition by i.stream order by i.nr)::int as given
        from input i join head h using (stream)
    )
    select array_agg(given order by nr) into versions from numbered
    having bool_and(wanted is null or wanted = given);
    if versions is null and n > 0 then
        raise exception 'expected-version' using errcode = 'XN409';
    end if;

    select position, hash into last_position, previous from event order by position desc limit 1;
    last_position := coalesce(last_position, 0);
    previous := coalesce(previous, ''::bytea);
    for i in 1..n loop
        previous := sha256(previous || convert_to(concat_ws(E'\x1f',
            last_position + i, p_stream[i], versions[i], p_id[i], p_type[i], at_micros,
            p_metadata[i], p_data[i]), 'UTF8'));
        hashes[i] := previous;
    end loop;

    insert into event (position, stream, version, id, type, data, metadata, recorded_at, hash)
    select last_position + nr, stream, version, id, type, data, metadata, p_recorded_at, hash
    from unnest(p_stream, versions, p_id, p_type, p_data, p_metadata, hashes)
        with ordinality as i(stream, version, id, type, data, metadata, hash, nr);

    if cardinality(p_subject) > 0 then
        select * into current from epoch order by number desc limit 1;
        if current.number <> p_epoch then
            raise exception 'epoch-closed' using errcode = 'XN410', detail = p_epoch::text;
        end if;
        if exists (select from relay_cursor where not is_agreed) then
            raise exception 'stream-disputed' using errcode = 'XN423';
        end if;
        select coalesce(max(sequence), 0) into last_number from publication;
        insert into publication (sequence, position, subject, body)
        select last_number + nr, last_position + of_event, subject,
               overlay(body placing lpad((last_number + nr - current.after)::text, 20, '0')
                   from number_at for 20)
        from unnest(p_of_event, p_subject, p_body, p_number_at)
            with ordinality as i(of_event, subject, body, number_at, nr);
    end if;

    first_position := last_position + 1;
    last_position := last_position + n;
    is_repeat := false;
    if p_key is not null then
        insert into command_key values (p_key, p_digest, first_position, last_position);
    end if;
end $$;
