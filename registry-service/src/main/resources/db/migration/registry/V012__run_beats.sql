-- When a run last gave a sign of life, and whether its silence since then has been told. Apart from
-- runs, so that beats never wait for writers of one.
CREATE TABLE run_beats (
  run_uid bigint PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
  at      timestamptz NOT NULL,
  told    boolean NOT NULL DEFAULT false
);
CREATE INDEX runs_that_are_open ON runs (team_id, uid)
  WHERE lifecycle = 'active' AND status IN ('RUNNING', 'SCHEDULED');

-- Runs that were left open before there were beats are shown as stale, but raise no alerts.
INSERT INTO run_beats (run_uid, at, told)
SELECT uid, to_timestamp(least(greatest(start_time, 0), 4102444800000) / 1000.0), true FROM runs
WHERE lifecycle = 'active' AND status IN ('RUNNING', 'SCHEDULED');
