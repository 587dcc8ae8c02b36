-- Who may call: teams own everything else, tokens are stored as hashes only.
CREATE TABLE teams (
  id         text PRIMARY KEY,
  name       text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL
);

CREATE TABLE users (
  id         text PRIMARY KEY,
  name       text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL
);

CREATE TABLE memberships (
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  team_id text NOT NULL REFERENCES teams ON DELETE CASCADE,
  role    text NOT NULL CHECK (role IN ('viewer', 'member', 'maintainer', 'admin')),
  PRIMARY KEY (user_id, team_id)
);

-- team_id is absent for the service account alone, which names a team with each call.
CREATE TABLE api_tokens (
  id           text PRIMARY KEY,
  user_id      text NOT NULL REFERENCES users ON DELETE CASCADE,
  team_id      text REFERENCES teams ON DELETE CASCADE,
  role         text NOT NULL CHECK (role IN ('viewer', 'member', 'maintainer', 'admin', 'service')),
  name         text NOT NULL,
  sha256       bytea NOT NULL UNIQUE CHECK (length(sha256) = 32),
  hint         text NOT NULL,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  CHECK ((role = 'service') = (team_id IS NULL))
);
CREATE INDEX api_tokens_of_user ON api_tokens (user_id, created_at DESC);

-- Append-only: what was done to tokens, models and their aliases.
CREATE TABLE audit_log (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL,
  team_id    text,
  user_id    text NOT NULL,
  token_id   text,
  request_id text,
  action     text NOT NULL,
  object     text NOT NULL,
  details    text
);
CREATE INDEX audit_log_of_team ON audit_log (team_id, at DESC);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % never change', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
