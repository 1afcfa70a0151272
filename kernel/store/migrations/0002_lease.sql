-- Who may do what only one may do at a time: relay publications, judge the cases of a partition.
create table lease (
    name       text        primary key,
    holder     text        not null,
    epoch      bigint      not null,               -- grows with every change of hands: the fence
    expires_at timestamptz not null                -- by the clock of this server
);
