-- By what cases are judged changes while they are judged: whoever changes the catalogue, a register or
-- a rule counts up here in his transaction, and no case is judged by what was loaded before.
create table law (
    version bigint not null
);
insert into law values (0);

alter table docket add column law bigint not null default 0;  -- that it was judged by last
create index docket_of_item on docket (item, accepted_at);

-- Something that breaks a rule at once has words of its own, and no limit behind it.
alter table judgement
    add column rule    text not null default '',
    add column message text not null default '';

create or replace function gravity(level text) returns int language sql immutable return
    array_position(array['lead', 'reminder', 'yellow-lead', 'red-lead', 'yellow', 'red'], level);
