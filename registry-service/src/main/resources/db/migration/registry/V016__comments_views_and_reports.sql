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
