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
