-- Hard deletes: what shall go is hidden and its name free at once; rows and bytes go in the
-- background, a few hundred runs a transaction, so that nobody who writes waits for all of them.
ALTER TABLE experiments
  DROP CONSTRAINT experiments_lifecycle_check,
  ADD CONSTRAINT experiments_lifecycle_check
    CHECK (lifecycle IN ('active', 'deleted', 'purging')),
  DROP CONSTRAINT experiments_team_id_name_key,
  -- Set while the runs have still to follow a change of the experiment's life cycle.
  ADD COLUMN runs_follow boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX experiments_by_name ON experiments (team_id, name)
  WHERE lifecycle <> 'purging';
CREATE INDEX experiments_whose_runs_follow ON experiments (uid) WHERE runs_follow;

ALTER TABLE runs
  DROP CONSTRAINT runs_lifecycle_check,
  ADD CONSTRAINT runs_lifecycle_check CHECK (lifecycle IN ('active', 'deleted', 'purging'));

-- experiment_* are set where the experiment goes with its runs; the row outlives it, so they are
-- no reference. runs is how many were found, less those that another purge took.
CREATE TABLE purges (
  uid                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  purge_id             text NOT NULL UNIQUE,
  team_id              text NOT NULL,
  user_id              text NOT NULL,
  state                text NOT NULL
    CHECK (state IN ('hiding', 'removing', 'cancelling', 'done', 'cancelled')),
  experiment_number    bigint,
  experiment_lifecycle text,
  runs                 bigint NOT NULL DEFAULT 0,
  runs_removed         bigint NOT NULL DEFAULT 0,
  runs_restored        bigint NOT NULL DEFAULT 0,
  points_removed       bigint NOT NULL DEFAULT 0,
  requested_at         timestamptz NOT NULL,
  ended_at             timestamptz
);
CREATE INDEX purges_of_team ON purges (team_id, uid);
CREATE INDEX purges_open ON purges (uid) WHERE ended_at IS NULL;

-- What is left to do: a row a run, gone with the run or when the run is visible again.
-- hidden_from is the life cycle that the run had, NULL until it is hidden. A run that was ever
-- leased may have lost points already, so it is removed even when the purge is cancelled.
CREATE TABLE purge_runs (
  purge_uid   bigint NOT NULL,
  run_uid     bigint NOT NULL,
  hidden_from text,
  lease_owner text,
  lease_until timestamptz,
  PRIMARY KEY (purge_uid, run_uid)
);

-- Blobs that lost a name. Rows are hints and may repeat: whoever removes a blob looks again whether
-- another row names it. No key, so that nobody waits for another's insert.
CREATE TABLE unnamed_blobs (
  sha256 text NOT NULL,
  since  timestamptz NOT NULL
);
CREATE INDEX unnamed_blobs_oldest_first ON unnamed_blobs (since);
CREATE INDEX artifacts_by_content ON artifacts (sha256);
CREATE INDEX model_version_files_by_content ON model_version_files (sha256);

CREATE FUNCTION note_unnamed_blobs() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO unnamed_blobs SELECT DISTINCT sha256, now() FROM gone;
  RETURN NULL;
END $$;
CREATE TRIGGER artifacts_leave_blobs AFTER DELETE ON artifacts
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION note_unnamed_blobs();
CREATE TRIGGER model_version_files_leave_blobs AFTER DELETE ON model_version_files
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION note_unnamed_blobs();

CREATE FUNCTION note_replaced_blob() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO unnamed_blobs VALUES (OLD.sha256, now());
  RETURN NULL;
END $$;
CREATE TRIGGER artifacts_replace_blobs AFTER UPDATE ON artifacts
  FOR EACH ROW WHEN (OLD.sha256 <> NEW.sha256) EXECUTE FUNCTION note_replaced_blob();

-- Rows that name runs by the id that callers know go with them.
CREATE INDEX alerts_of_run ON alerts (run_id);
CREATE INDEX share_runs_of_run ON share_runs (run_id);
