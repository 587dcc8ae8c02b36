-- Data as a registry of the schema V003 held it, at least one row in every table. Uids come from the
-- identity columns, as they did there, so that what is added after a migration goes on counting.
INSERT INTO teams (id, name, created_at) VALUES
  ('team-a', 'alpha', '2026-03-01T08:00:00Z'),
  ('team-b', 'beta', '2026-03-02T08:00:00Z');

INSERT INTO users (id, name, created_at) VALUES
  ('user-ann', 'ann', '2026-03-01T08:00:01Z'),
  ('user-bob', 'bob', '2026-03-02T08:00:01Z');

INSERT INTO memberships (user_id, team_id, role) VALUES
  ('user-ann', 'team-a', 'admin'),
  ('user-bob', 'team-a', 'viewer'),
  ('user-bob', 'team-b', 'maintainer');

INSERT INTO api_tokens
  (id, user_id, team_id, role, name, sha256, hint, created_at, expires_at, last_used_at, revoked_at)
VALUES
  ('token-ann', 'user-ann', 'team-a', 'admin', 'laptop of ann',
   sha256('the-token-of-ann-before-the-migration'), 'the-toke', '2026-03-01T08:00:02Z',
   NULL, '2026-06-01T10:11:12Z', NULL),
  ('token-bob', 'user-bob', 'team-b', 'maintainer', 'ci',
   sha256('the-token-of-bob-before-the-migration'), 'the-toke', '2026-03-02T08:00:02Z',
   '2999-01-01T00:00:00Z', NULL, NULL),
  ('token-old', 'user-ann', 'team-a', 'member', 'lost',
   sha256('a-revoked-token-before-the-migration'), 'a-revoke', '2026-03-01T08:00:03Z',
   NULL, NULL, '2026-04-01T00:00:00Z'),
  ('token-services', 'user-bob', NULL, 'service', 'services (configured)',
   sha256('the-services-before-the-migration'), 'the-serv', '2026-03-01T07:59:59Z',
   NULL, NULL, NULL);

INSERT INTO audit_log (at, team_id, user_id, token_id, request_id, action, object, details) VALUES
  ('2026-03-01T08:00:02Z', 'team-a', 'user-ann', 'token-ann', 'r-1', 'token.create', 'token-ann',
   'laptop of ann'),
  ('2026-03-05T08:00:00Z', 'team-a', 'user-ann', 'token-ann', NULL, 'alias.set',
   'denoiser@champion', '1'),
  ('2026-03-06T08:00:00Z', NULL, 'user-bob', NULL, NULL, 'token.revoke', 'token-old', NULL);

INSERT INTO experiments (team_id, number, name, lifecycle, created_at, updated_at) VALUES
  ('team-a', 0, 'Default', 'active', 1772352000000, 1772352000000);
INSERT INTO experiments (team_id, number, name, lifecycle, created_at, updated_at) VALUES
  ('team-a', nextval('experiment_numbers'), 'denoising, große Läufe 😀', 'active',
   1772352001000, 1772352002000);
INSERT INTO experiments (team_id, number, name, lifecycle, created_at, updated_at) VALUES
  ('team-a', nextval('experiment_numbers'), 'given up', 'deleted', 1772352003000, 1772352004000);
INSERT INTO experiments (team_id, number, name, lifecycle, created_at, updated_at) VALUES
  ('team-b', nextval('experiment_numbers'), 'denoising, große Läufe 😀', 'active',
   1772352005000, 1772352005000);

INSERT INTO experiment_tags (experiment_uid, key, value)
  SELECT uid, 'mlflow.note.content', '# What we try' FROM experiments WHERE number = 1;
INSERT INTO experiment_tags (experiment_uid, key, value)
  SELECT uid, 'owner', 'it''s "ann"' FROM experiments WHERE number = 1;

INSERT INTO runs
  (run_id, team_id, experiment_number, name, user_id, status, start_time, end_time, lifecycle)
VALUES
  ('a0000000000000000000000000000001', 'team-a', 1, 'first', 'ann', 'FINISHED',
   1772352010000, 1772352370000, 'active'),
  ('a0000000000000000000000000000002', 'team-a', 1, 'läuft noch', 'ann', 'RUNNING',
   1772352020000, NULL, 'active'),
  ('a0000000000000000000000000000003', 'team-a', 1, 'thrown away', '', 'KILLED',
   1772352030000, 1772352031000, 'deleted'),
  ('a0000000000000000000000000000004', 'team-a', 2, 'with its experiment', 'bob', 'FAILED',
   1772352040000, 1772352041000, 'deleted'),
  ('a0000000000000000000000000000005', 'team-a', 0, 'nothing logged', 'ann', 'SCHEDULED',
   1772352050000, NULL, 'active'),
  ('b0000000000000000000000000000001', 'team-b', 3, 'of the others', 'bob', 'FINISHED',
   1772352060000, 1772352061000, 'active');

INSERT INTO run_params (run_uid, key, value)
  SELECT r.uid, p.key, p.value FROM runs r, (VALUES
    ('lr', '0.1'), ('data/größe', 'a ''quoted'' "value" 😀'), ('empty', ''),
    ('long', repeat('x', 6000))) AS p (key, value)
  WHERE r.run_id = 'a0000000000000000000000000000001';
INSERT INTO run_params (run_uid, key, value)
  SELECT uid, 'lr', '0.2' FROM runs WHERE run_id = 'a0000000000000000000000000000002';
INSERT INTO run_params (run_uid, key, value)
  SELECT uid, 'lr', '7' FROM runs WHERE run_id = 'b0000000000000000000000000000001';

INSERT INTO run_tags (run_uid, key, value) SELECT uid, 'mlflow.runName', name FROM runs;
INSERT INTO run_tags (run_uid, key, value)
  SELECT uid, 'mlflow.note.content', E'two\nlines' FROM runs
  WHERE run_id = 'a0000000000000000000000000000001';

-- The loss of two finished runs, 200 points a second apart.
INSERT INTO metric_series (run_uid, key, latest_step, latest_timestamp, latest_value)
  SELECT uid, 'loss', 199, start_time + 199000, 4::float8 / 200 FROM runs
  WHERE status = 'FINISHED';
INSERT INTO metric_points (series_id, "timestamp", step, value)
  SELECT s.id, r.start_time + i * 1000, i, 4::float8 / (1 + i)
  FROM metric_series s JOIN runs r ON r.uid = s.run_uid, generate_series(0, 199) AS i
  WHERE s.key = 'loss' AND r.status = 'FINISHED';

-- A run whose loss is not a number any more.
INSERT INTO metric_series (run_uid, key, latest_step, latest_timestamp, latest_value)
  SELECT uid, 'loss', 8, 1772352028000, 'NaN' FROM runs
  WHERE run_id = 'a0000000000000000000000000000002';
INSERT INTO metric_points (series_id, "timestamp", step, value)
  SELECT s.id, p.at, p.step, p.value
  FROM metric_series s JOIN runs r ON r.uid = s.run_uid,
    (VALUES (1772352027000, 7, 1.5::float8), (1772352028000, 8, 'NaN')) AS p (at, step, value)
  WHERE s.key = 'loss' AND r.run_id = 'a0000000000000000000000000000002';

-- Steps below zero, infinities, and two values at one point in time.
INSERT INTO metric_series (run_uid, key, latest_step, latest_timestamp, latest_value)
  SELECT uid, 'odd/Größe', 1, 12, 'Infinity' FROM runs
  WHERE run_id = 'a0000000000000000000000000000001';
INSERT INTO metric_points (series_id, "timestamp", step, value)
  SELECT s.id, p.at, p.step, p.value
  FROM metric_series s,
    (VALUES (10, -5, '-Infinity'::float8), (11, 0, 'NaN'), (12, 1, 1e308), (12, 1, 'Infinity'))
      AS p (at, step, value)
  WHERE s.key = 'odd/Größe';

INSERT INTO artifacts (run_uid, path, sha256, size, updated_at)
  SELECT r.uid, f.path, encode(sha256(convert_to(f.content, 'UTF8')), 'hex'),
    octet_length(convert_to(f.content, 'UTF8')), '2026-03-01T09:00:00Z'
  FROM runs r, (VALUES
    ('model/model.safetensors', 'weights before the migration'), ('model/config.json', '{}'),
    ('notes/größe.txt', 'grün 😀'), ('empty.txt', '')) AS f (path, content)
  WHERE r.run_id = 'a0000000000000000000000000000001';

INSERT INTO registered_models
  (team_id, name, description, last_version, created_at, updated_at)
VALUES
  ('team-a', 'denoiser', 'Removes noise.', 4, 1772352100000, 1772352104000),
  ('team-a', 'of no versions', NULL, 0, 1772352101000, 1772352101000),
  ('team-b', 'denoiser', NULL, 1, 1772352102000, 1772352103000);

INSERT INTO registered_model_tags (model_uid, key, value)
  SELECT uid, 'task', 'text' FROM registered_models WHERE name = 'denoiser' AND team_id = 'team-a';

INSERT INTO model_versions
  (model_uid, version, run_id, source, source_uri, run_link, description, user_id, stage, digest,
   deleted, created_at, updated_at)
SELECT m.uid, v.version, v.run_id, v.source, v.source_uri, v.run_link, v.description, v.user_id,
  v.stage, 'sha256:' || encode(sha256(convert_to(v.source, 'UTF8')), 'hex'), v.deleted,
  1772352110000 + v.version, 1772352120000 + v.version
FROM registered_models m, (VALUES
  ('team-a', 1, 'a0000000000000000000000000000001', 'runs:/a0000000000000000000000000000001/model',
   'mlflow-artifacts:/1/a0000000000000000000000000000001/artifacts/model', 'http://host/run',
   'the good one', 'ann', 'Production', false),
  ('team-a', 2, 'a0000000000000000000000000000001', 'runs:/a0000000000000000000000000000001/gone',
   'mlflow-artifacts:/1/a0000000000000000000000000000001/artifacts/gone', NULL, NULL, 'ann', 'None',
   true),
  ('team-a', 3, NULL, 'runs:/a0000000000000000000000000000002/m',
   'mlflow-artifacts:/1/a0000000000000000000000000000002/artifacts/m', NULL, NULL, 'ann', 'Archived',
   false),
  ('team-a', 4, 'a0000000000000000000000000000002', 'runs:/a0000000000000000000000000000002/n',
   'mlflow-artifacts:/1/a0000000000000000000000000000002/artifacts/n', NULL, NULL, 'bob', 'None',
   false),
  ('team-b', 1, 'b0000000000000000000000000000001', 'runs:/b0000000000000000000000000000001/m',
   'mlflow-artifacts:/3/b0000000000000000000000000000001/artifacts/m', NULL, NULL, 'bob', 'Staging',
   false))
  AS v (team_id, version, run_id, source, source_uri, run_link, description, user_id, stage, deleted)
WHERE m.name = 'denoiser' AND m.team_id = v.team_id;

INSERT INTO model_version_tags (version_uid, key, value)
  SELECT uid, 'validated', 'ja' FROM model_versions WHERE stage = 'Production';

INSERT INTO model_version_files (version_uid, path, sha256, size)
  SELECT v.uid, substr(a.path, 7), a.sha256, a.size
  FROM model_versions v JOIN runs r ON r.run_id = v.run_id JOIN artifacts a ON a.run_uid = r.uid
  WHERE v.stage = 'Production' AND a.path LIKE 'model/%';

INSERT INTO model_aliases (model_uid, alias, version)
  SELECT uid, 'champion', 1 FROM registered_models WHERE name = 'denoiser' AND team_id = 'team-a';
INSERT INTO model_aliases (model_uid, alias, version)
  SELECT uid, 'neu', 4 FROM registered_models WHERE name = 'denoiser' AND team_id = 'team-a';
INSERT INTO model_aliases (model_uid, alias, version)
  SELECT uid, 'champion', 1 FROM registered_models WHERE name = 'denoiser' AND team_id = 'team-b';
