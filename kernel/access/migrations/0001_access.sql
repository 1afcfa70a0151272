-- Who may come in, as it stands: written with the events it follows from, and rebuilt from them;
-- passwords, sessions and failures are kept here alone.

create table account (
    name          text        primary key,
    title         text        not null,            -- what officials call him
    is_suspended  boolean     not null default false,
    owes_password boolean     not null default false, -- nothing is shown before he has changed it
    issuer        text,                            -- of the OpenID Connect identity, if he has one
    subject       text,
    opened_at     timestamptz not null,
    unique (issuer, subject)
);

create table account_grant (
    account text not null references account on delete cascade,
    role    text not null,
    unit    text,                                  -- null for the whole city
    unique nulls not distinct (account, role, unit)
);

create table password (
    account text        primary key,
    digest  text        not null,                  -- argon2id, with its salt and its costs
    set_at  timestamptz not null
);

create table token (
    id           text        primary key,
    name         text        not null,             -- whose it is; what the record calls him
    digest       bytea       not null unique,      -- sha256 of the token
    source       text,                             -- the only one he may report under
    issued_at    timestamptz not null,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz                       -- written at most once a minute
);

-- one that is good at a time, so that a name is enough to revoke it
create unique index token_in_force on token (name) where revoked_at is null;

create table token_grant (
    token text not null references token on delete cascade,
    role  text not null,
    unit  text,
    unique nulls not distinct (token, role, unit)
);

create table session (
    digest    bytea       primary key,             -- sha256 of what the cookie holds
    account   text        not null,
    opened_at timestamptz not null,
    seen_at   timestamptz not null,                -- written at most once a minute
    address   text        not null,
    agent     text        not null                 -- what the browser calls itself
);

create index session_of_account on session (account, opened_at);

-- Wrong passwords, by account and by address; the key is a digest, since people mistype a password
-- for a name.
create table failure (
    who        bytea       primary key,
    times      int         not null,
    last_at    timestamptz not null,
    wait_until timestamptz not null
);

create index failure_of_old on failure (last_at);
