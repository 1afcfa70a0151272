-- A source that a connector speaks for is judged only as far as that connector has looked.

alter table connector
    add column looked_through timestamptz;         -- when its last whole look began that succeeded

-- Until when all is known that a source knows: for ever, unless a connector reads it.
create view source_through as
select source,
       case when count(connector.name) = 0 then 'infinity'
            when count(*) > count(connector.looked_through) then '-infinity'
            else min(connector.looked_through) end as through
from city_system left join connector using (source)
group by source;

alter table docket
    add column look_at timestamptz;                -- look at it again once this is looked through

create index docket_looked on docket (partition_of(id), source, look_at) where look_at is not null;

-- What a file says may be said again after another: a file is known by its content and its time.
-- Those known before have none: they were changed before they were read.
alter table connector_file
    add column changed_at bigint not null default 0,  -- nanoseconds since 1970, as the folder says
    add column code       text   not null default '', -- why it could not be read; '' if it was
    add column number     bigint not null generated always as identity,
    drop constraint connector_file_pkey,
    add primary key (connector, digest, changed_at);

create index connector_file_last on connector_file (connector, number desc);
