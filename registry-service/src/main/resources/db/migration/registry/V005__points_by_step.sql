-- Points are ordered by step, and nothing is checked once a row: whoever deletes a run deletes its
-- params, tags, series and points with it. Rewrites the key of every point, in this transaction.
ALTER TABLE run_params DROP CONSTRAINT run_params_run_uid_fkey;
ALTER TABLE run_tags DROP CONSTRAINT run_tags_run_uid_fkey;
ALTER TABLE metric_points DROP CONSTRAINT metric_points_series_id_fkey;

-- A range of steps is a range of the key. As before, PostgreSQL holds NaN equal to itself and -0
-- equal to 0, so a repeated one is stored once like any other value.
ALTER TABLE metric_points DROP CONSTRAINT metric_points_pkey;
ALTER TABLE metric_points ADD PRIMARY KEY (series_id, step, "timestamp", value);

-- The lowest step written since the series was last summarised; NULL where its summary is current.
-- Every write of points also writes the row of their series, so its lock orders both.
ALTER TABLE metric_series ADD COLUMN dirty_from_step bigint;
UPDATE metric_series s
  SET dirty_from_step =
    (SELECT p.step FROM metric_points p WHERE p.series_id = s.id ORDER BY p.step LIMIT 1);
