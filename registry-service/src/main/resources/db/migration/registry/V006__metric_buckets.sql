-- Summaries of long metric series, so that a chart of a million points reads a few thousand rows.
-- Level 0 has a bucket for each 64 points in the order of the points' key; each further level one
-- for four of the level below. Only the last bucket of a level holds fewer.
-- A bucket is right when its last step lies below the series' dirty_from_step, or that is absent.
CREATE TABLE metric_buckets (
  series_id          bigint NOT NULL REFERENCES metric_series ON DELETE CASCADE,
  level              integer NOT NULL CHECK (level BETWEEN 0 AND 4),
  ordinal            integer NOT NULL CHECK (ordinal >= 0),
  points             bigint NOT NULL CHECK (points > 0),
  first_step         bigint NOT NULL,
  first_time         bigint NOT NULL,
  first_value        double precision NOT NULL,
  last_step          bigint NOT NULL,
  last_time          bigint NOT NULL,
  last_value         double precision NOT NULL,
  -- The least and the greatest finite point, the first of equals; absent where none is finite.
  min_step           bigint,
  min_time           bigint,
  min_value          double precision,
  max_step           bigint,
  max_time           bigint,
  max_value          double precision,
  earliest           bigint NOT NULL,
  latest             bigint NOT NULL,
  nans               bigint NOT NULL,
  infinities         bigint NOT NULL,
  minus_infinities   bigint NOT NULL,
  -- No point is earlier than the one before it.
  in_time            boolean NOT NULL,
  PRIMARY KEY (series_id, level, ordinal)
);

-- What the summariser has to look at.
CREATE INDEX metric_series_due ON metric_series (id) WHERE dirty_from_step IS NOT NULL;
