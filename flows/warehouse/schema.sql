-- The warehouse's own tables. Nothing here is ever updated or deleted but `cleared_at`:
-- a change is a new row. Rows of returns stand in the schema `landed`, made from the contracts.
-- Which columns no two rows share: KEYS in flows/warehouse/store/schema.py.
create schema if not exists ledger;
create schema if not exists landed;

-- A file is its bytes.
create table if not exists ledger.files (
    sha256            varchar not null,
    size_bytes        bigint not null,
    first_received_at timestamp not null
);

-- A return: whose, for when, which part, which bytes; a row for each time it was judged.
create table if not exists ledger.returns (
    return_id          varchar not null,
    attempt            integer not null,
    filing_id          varchar not null,      -- the same for every period that one file covers
    "return"           varchar not null,
    sender             varchar not null,
    period             varchar not null,      -- '' where a rejected file did not say
    part               varchar not null,      -- '' for a whole delivery
    sha256             varchar not null,
    file_name          varchar not null,
    received_at        timestamp not null,
    outcome            varchar not null,      -- loaded, held, rejected
    reason             varchar,
    layout             varchar,
    contract_version   varchar not null,
    contract_digest    varchar not null,
    suite_version      varchar not null,
    suite_digest       varchar not null,
    rows_read          bigint not null,
    rows_loaded        bigint not null,
    rows_quarantined   bigint not null,
    rows_dropped       bigint not null,
    amount_total       decimal(18, 2),        -- GBP, loaded rows
    amount_quarantined decimal(18, 2)         -- GBP, quarantined rows whose amount can be read
);

-- Which returns are in force, from when: the newest row of a return decides.
create table if not exists ledger.standing (
    seq       bigint not null,
    return_id varchar not null,
    in_force  boolean not null,
    "at"      timestamp not null,
    because   varchar not null
);

-- One row for every step of every return, also the good ones.
create table if not exists ledger.outcomes (
    return_id varchar not null,
    attempt   integer not null,
    step      varchar not null,               -- land, identify, read, match, type, judge, keep
    outcome   varchar not null,               -- done, warned, failed
    detail    varchar not null,
    "at"      timestamp not null
);

-- What each expectation said of a return, also where it passed or did not apply.
create table if not exists ledger.checks (
    return_id    varchar not null,
    attempt      integer not null,
    rule         varchar not null,
    rule_version integer not null,
    severity     varchar not null,
    dimension    varchar not null,
    outcome      varchar not null,            -- passed, failed, not applicable
    applied_to   bigint not null,             -- rows
    failed_rows  bigint not null,
    "at"         timestamp not null
);

-- A finding: something in a return that somebody must see.
create table if not exists ledger.findings (
    finding_id   varchar not null,
    return_id    varchar not null,            -- or what is owed, where none has come
    attempt      integer not null,            -- 0: found across returns
    "return"     varchar not null,
    sheet        varchar,
    "row"        bigint,
    "column"     varchar,
    "value"      varchar,                     -- null where the column is personal
    rule         varchar not null,
    rule_version integer not null,
    severity     varchar not null,            -- reject, quarantine, block release, hold, warn
    dimension    varchar not null,
    fixed_by     varchar not null,            -- sender, us
    owner        varchar not null,
    message      varchar not null,
    found_at     timestamp not null,
    cleared_at   timestamp                    -- when a later look no longer found it
);

-- Rows read and not loaded, and why: the text itself is in the archive.
create table if not exists ledger.quarantined (
    return_id   varchar not null,
    attempt     integer not null,
    received_at timestamp not null,
    sheet       varchar not null,
    "row"       bigint not null,
    amount      decimal(18, 2),
    rules       varchar not null
);
create table if not exists ledger.dropped (
    return_id   varchar not null,
    attempt     integer not null,
    received_at timestamp not null,
    sheet       varchar not null,
    "row"       bigint not null,
    amount      decimal(18, 2),
    why         varchar not null              -- blank, title, header, totals
);

-- What happened, for ever: each event carries the hash of the one before.
create table if not exists ledger.events (
    seq           bigint not null,
    "at"          timestamp not null,
    kind          varchar not null,           -- kept, confirmed, compared, accepted, overridden, ...
    subject       varchar not null,
    detail        varchar not null,           -- JSON
    previous_hash varchar not null,
    hash          varchar not null
);

create table if not exists ledger.schema_version (version integer not null);
