-- What a model wrote at a step, and how its losses spread there. Both are small beside metrics and
-- never change, so they go with their run by a plain reference.

-- Texts sorted by code points, whatever the database's collation is: pages go on by this key.
CREATE TABLE text_samples (
  run_uid     bigint NOT NULL REFERENCES runs ON DELETE CASCADE,
  step        bigint NOT NULL,
  name        text COLLATE "C" NOT NULL,
  number      integer NOT NULL CHECK (number >= 0),
  prompt      text,
  text        text NOT NULL,
  "timestamp" bigint NOT NULL,
  PRIMARY KEY (run_uid, step, name, number)
);

-- The value of edge i is in bin i: edges hold one more than counts. Sums are of what was counted.
CREATE TABLE histograms (
  run_uid     bigint NOT NULL REFERENCES runs ON DELETE CASCADE,
  key         text COLLATE "C" NOT NULL,
  step        bigint NOT NULL,
  edges       double precision[] NOT NULL,
  counts      bigint[] NOT NULL,
  sums        double precision[],
  "timestamp" bigint NOT NULL,
  PRIMARY KEY (run_uid, key, step),
  CHECK (cardinality(edges) = cardinality(counts) + 1),
  CHECK (sums IS NULL OR cardinality(sums) = cardinality(counts))
);
