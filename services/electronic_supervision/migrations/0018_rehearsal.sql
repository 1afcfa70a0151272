-- A rehearsal replays the recorded history under a changed law and says which
-- judgements appear, vanish or change; nothing of the judging itself reads it.
create table rehearsal (
    id text primary key,
    kind text not null,                       -- rule, calendar, catalogue
    subject text not null,                    -- the rule, the calendar or the item
    version int not null default 0,
    document text not null default '',        -- what is rehearsed, as it was written
    digest text not null,
    asked_by text not null,
    asked_at timestamptz not null,
    as_of timestamptz not null,               -- both laws are asked what holds then
    state text not null,                      -- waiting, running, done, failed
    read_facts bigint not null default 0,
    all_facts bigint not null default 0,
    finished_at timestamptz,
    problem text not null default '',         -- why it failed, in Chinese
    result jsonb                              -- figures, units, items, levels, examples
);
create index rehearsal_asked on rehearsal (asked_at);
