-- Searches read pages in the order of an index, from where the page before ended.

-- Newest first: the complement of the start time sorts ascending, as the id that breaks ties does,
-- so that one comparison of rows finds the place of a page. Negation could overflow, this can't.
CREATE INDEX runs_by_start ON runs
  (team_id, experiment_number, lifecycle, (~start_time), run_id COLLATE "C");
DROP INDEX runs_newest_first;

-- Filters and orders by a metric read one range of latest values of one experiment.
ALTER TABLE metric_series ADD COLUMN experiment_uid bigint;
UPDATE metric_series s SET experiment_uid = e.uid
  FROM runs r JOIN experiments e ON e.team_id = r.team_id AND e.number = r.experiment_number
  WHERE r.uid = s.run_uid;
ALTER TABLE metric_series ALTER COLUMN experiment_uid SET NOT NULL;
CREATE INDEX metric_series_by_value ON metric_series
  (experiment_uid, key, latest_value, run_uid);

-- Runs by the value of a param or tag; the longest values exceed an entry of an index.
CREATE INDEX run_params_by_value ON run_params (key, left(value, 200), run_uid);
CREATE INDEX run_tags_by_value ON run_tags (key, left(value, 200), run_uid);

-- Which keys an experiment has and which values a key has hangs together: taken as independent,
-- their counts are guessed too low by the number of experiments or keys, and plans go wrong.
CREATE STATISTICS runs_of_experiments (mcv) ON team_id, experiment_number, lifecycle FROM runs;
CREATE STATISTICS metric_series_of_experiments (mcv) ON experiment_uid, key FROM metric_series;
CREATE STATISTICS run_params_of_values (mcv) ON key, left(value, 200) FROM run_params;
CREATE STATISTICS run_tags_of_values (mcv) ON key, left(value, 200) FROM run_tags;
