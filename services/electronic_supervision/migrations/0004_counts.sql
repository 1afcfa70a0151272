-- Let what pages count of cases be read from indexes alone, wherever the rows lie. Whenever these
-- columns change, next_at does too, so that every index of the row is written anyway.

drop index docket_open;
create index docket_open on docket (due_at) include (id, source, accepted_at, is_provisional)
    where not is_ended;

drop index docket_ended;
create index docket_ended on docket (ended_at) include (is_late) where ended_at is not null;
