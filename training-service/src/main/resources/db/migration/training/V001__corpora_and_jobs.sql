-- Corpora, the job queue with its leases, and what is still to be told to the registry.

create table corpus (
  id         uuid primary key,
  team_id    text        not null,
  name       text        not null,
  bytes      bigint      not null,
  documents  bigint      not null,
  -- Names the file: texts live outside the database, by content.
  sha256     text        not null,
  created_by text        not null,
  created_at timestamptz not null,
  constraint corpus_name_per_team unique (team_id, name)
);
create index corpus_by_content on corpus (sha256);

create table job (
  id                 uuid primary key,
  team_id            text        not null,
  created_by         text        not null,
  request_id         text,
  name               text        not null,
  experiment         text        not null,
  corpus_id          uuid        not null,
  corpus_sha256      text        not null,
  status             text        not null
    check (status in ('QUEUED', 'RUNNING', 'STOPPING', 'STOPPED', 'FAILED', 'COMPLETED')),
  spec               jsonb       not null,
  -- Optimizer steps of each phase; null until training begins, fixed from then on.
  phase_steps        integer[],
  progress           jsonb       not null,
  progress_revision  bigint      not null default 0,
  -- Metrics up to this optimizer step are in the buffer: a repeated chunk does not send them twice.
  tracked_step       bigint      not null default 0,
  experiment_id      text,
  run_id             text,
  registered_version integer,
  failure_code       text,
  failure_detail     text,
  failure_remedy     text,
  -- Who works on it, and until when that holds without a heartbeat.
  lease_owner        text,
  lease_until        timestamptz,
  created_at         timestamptz not null,
  queued_at          timestamptz not null,
  started_at         timestamptz,
  ended_at           timestamptz
);
create index job_by_team on job (team_id, created_at desc);
create index job_to_claim on job (queued_at) where status in ('QUEUED', 'RUNNING', 'STOPPING');
create index job_by_corpus on job (corpus_id);

create table tracking_entry (
  id         bigint generated always as identity primary key,
  job_id     uuid        not null references job (id),
  kind       text        not null,
  payload    jsonb       not null,
  created_at timestamptz not null
);
create index tracking_entry_by_job on tracking_entry (job_id, id);
