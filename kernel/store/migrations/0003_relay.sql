-- How far what this service says has come: one row.
create table relay_cursor (
    is_only         boolean primary key default true check (is_only),
    sequence        bigint  not null,              -- of the last publication in the stream
    stream_sequence bigint  not null,              -- what JetStream calls it
    is_agreed       boolean not null default true  -- the stream holds nothing that is not in here
);

insert into relay_cursor (sequence, stream_sequence) values (0, 0);
