-- What patterns over time add up, and what they found: a projection of the record, one worker's.

create table pattern_progress (
    position   bigint      not null,               -- all events up to here are in the occurrences
    law        bigint      not null,               -- version of the law they were made by
    calendar   text        not null,
    through    timestamptz,                        -- what happened before counts
    shares_day date                                -- last local day at whose end shares were held
);
insert into pattern_progress values (0, -1, '', null, null);

create table occurrence (
    rule         text        not null,
    subject_kind text        not null,
    subject      text        not null,
    unit         text        not null,
    problem      text        not null,
    docket       text        not null,             -- the case or finding that it comes from
    id           text        not null,
    day          date        not null,             -- local
    at           timestamptz not null,
    data         text        not null,
    primary key (rule, subject_kind, subject, unit, problem, id)
);
create index occurrence_on on occurrence (rule, subject_kind, subject, unit, problem, day);
create index occurrence_of_docket on occurrence (docket);
create index occurrence_at on occurrence (at);

-- Groups to look at again, and the days on which something of them changed.
create table pattern_changed (
    rule         text not null,
    subject_kind text not null,
    subject      text not null,
    unit         text not null,
    problem      text not null,
    first        date not null,
    last         date not null,
    primary key (rule, subject_kind, subject, unit, problem)
);

create table pattern_finding (
    id           text        primary key,
    rule         text        not null,
    subject_kind text        not null,
    subject      text        not null,
    unit         text        not null,
    problem      text        not null,
    level        text        not null,
    withheld     text        not null,
    day          date        not null,
    at           timestamptz not null,
    title        text        not null,
    message      text        not null,
    stands       boolean     not null,
    changes      int         not null,             -- how often it was raised or lifted
    raised_at    timestamptz not null,             -- last
    data         text        not null
);
create index pattern_finding_standing on pattern_finding (at, id) where stands;
create index pattern_finding_of_rule on pattern_finding (rule, day) where stands;
