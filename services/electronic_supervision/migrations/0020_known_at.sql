-- What stood on a day is asked of the record: without this, all events of the city are read for it.
create index event_judging on event (position)
    where type in ('JudgementRaised', 'JudgementSuperseded');
