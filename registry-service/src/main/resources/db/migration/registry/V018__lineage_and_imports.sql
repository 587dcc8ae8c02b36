-- What serving services say they serve. They repeat it: a row that nobody renews is stale.
CREATE TABLE deployments (
  id         text PRIMARY KEY,
  team_id    text NOT NULL REFERENCES teams ON DELETE CASCADE,
  name       text NOT NULL,
  model      text NOT NULL,
  version    integer NOT NULL,
  digest     text NOT NULL,
  status     text NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL
);
CREATE INDEX deployments_of_version ON deployments (team_id, model, version);
CREATE INDEX deployments_longest_unseen_first ON deployments (seen_at);

-- The way from a run to what was registered of it.
CREATE INDEX model_versions_of_run ON model_versions (run_id) WHERE run_id IS NOT NULL;

-- Imports of other servers. Whoever works on one renews its lease; when nobody does, another goes on.
CREATE TABLE imports (
  id          text PRIMARY KEY,
  team_id     text NOT NULL REFERENCES teams ON DELETE CASCADE,
  url         text NOT NULL,
  -- What the source asks for, encrypted; gone when the import has ended.
  credentials bytea,
  experiments text[] NOT NULL,
  artifacts   boolean NOT NULL,
  models      boolean NOT NULL,
  state       text NOT NULL CHECK (state IN ('WAITING', 'RUNNING', 'FINISHED', 'FAILED', 'CANCELLED')),
  error       text,
  attempts    integer NOT NULL,
  worker      text,
  next_at     timestamptz NOT NULL,
  created_by  text NOT NULL,
  created_at  timestamptz NOT NULL,
  ended_at    timestamptz,
  CHECK (credentials IS NULL OR state IN ('WAITING', 'RUNNING'))
);
CREATE INDEX imports_newest_first ON imports (team_id, created_at DESC);
CREATE UNIQUE INDEX imports_take_turns ON imports (team_id) WHERE state IN ('WAITING', 'RUNNING');

-- What was looked at: once for each thing of the source, whatever came of it.
CREATE TABLE import_steps (
  import_id text NOT NULL REFERENCES imports ON DELETE CASCADE,
  kind      text NOT NULL,
  source    text NOT NULL,
  target    text,
  error     text,
  CHECK ((target IS NULL) <> (error IS NULL)),
  PRIMARY KEY (import_id, kind, source)
);
