-- What people did is little among all that happened: let an auditor find it without reading the rest.
create index event_of_acts on event (recorded_at desc, position desc)
    where strpos(metadata, '"by":') > 0;
