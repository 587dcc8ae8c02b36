-- What people say about runs. A comment goes with its run; authors outlive their membership.
CREATE TABLE run_comments (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_uid    bigint NOT NULL REFERENCES runs ON DELETE CASCADE,
  author_id  text NOT NULL,
  text       text NOT NULL,
  created_at timestamptz NOT NULL,
  edited_at  timestamptz
);
CREATE INDEX run_comments_oldest_first ON run_comments (run_uid, id);

-- Searches of runs under a name, which is the owner's to choose.
CREATE TABLE saved_views (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  team_id    text NOT NULL REFERENCES teams,
  owner_id   text NOT NULL,
  name       text NOT NULL,
  shared     boolean NOT NULL,
  version    integer NOT NULL,
  search     jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  UNIQUE (team_id, owner_id, name)
);
CREATE INDEX saved_views_of_team ON saved_views (team_id, id);

-- A report is its newest version; a version never changes.
CREATE TABLE reports (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  team_id    text NOT NULL REFERENCES teams,
  author_id  text NOT NULL,
  version    integer NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX reports_newest_first ON reports (team_id, id DESC);

CREATE TABLE report_versions (
  report_id bigint NOT NULL REFERENCES reports ON DELETE CASCADE,
  version   integer NOT NULL,
  title     text NOT NULL,
  text      text NOT NULL,
  panels    jsonb NOT NULL,
  author_id text NOT NULL,
  made_at   timestamptz NOT NULL,
  restored  integer,
  PRIMARY KEY (report_id, version)
);

-- A link may show a report, of the runs in share_runs those that the report still names. Without a
-- reference to it, as share_runs has none: a link over a report that is gone shows nothing.
ALTER TABLE shares ADD COLUMN report_id bigint;
