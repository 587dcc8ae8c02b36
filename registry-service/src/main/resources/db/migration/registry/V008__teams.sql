-- Teams are made on purpose: what belongs to a team belongs to one that exists. Data that was
-- written for a team that only a header named keeps its team id and gets that team now.
ALTER TABLE teams ADD COLUMN makes_teams boolean NOT NULL DEFAULT false;

INSERT INTO teams (id, name, created_at)
SELECT owner.team_id,
       CASE WHEN EXISTS (SELECT 1 FROM teams WHERE name = owner.team_id)
            THEN owner.team_id || ' ' || gen_random_uuid()
            ELSE owner.team_id END,
       now()
FROM (SELECT team_id FROM experiments UNION SELECT team_id FROM registered_models) AS owner
WHERE NOT EXISTS (SELECT 1 FROM teams WHERE id = owner.team_id);

ALTER TABLE experiments ADD FOREIGN KEY (team_id) REFERENCES teams;
ALTER TABLE registered_models ADD FOREIGN KEY (team_id) REFERENCES teams;

CREATE INDEX memberships_of_team ON memberships (team_id);
CREATE INDEX api_tokens_of_member ON api_tokens (team_id, user_id);

-- The record tells where a call came from and what it changed; it is read by team, newest first.
ALTER TABLE audit_log ADD COLUMN ip text, ADD COLUMN before jsonb, ADD COLUMN after jsonb;
DROP INDEX audit_log_of_team;
CREATE INDEX audit_log_of_team ON audit_log (team_id, id DESC);

-- Row triggers don't see TRUNCATE.
CREATE TRIGGER audit_log_is_never_emptied BEFORE TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A share link is a token with the role below all others; it always ends.
ALTER TABLE api_tokens DROP CONSTRAINT api_tokens_role_check;
ALTER TABLE api_tokens ADD CONSTRAINT api_tokens_role_check
  CHECK (role IN ('shared', 'viewer', 'member', 'maintainer', 'admin', 'service')),
  ADD CHECK (role <> 'shared' OR expires_at IS NOT NULL);

CREATE TABLE shares (
  id        text PRIMARY KEY REFERENCES api_tokens ON DELETE CASCADE,
  artifacts boolean NOT NULL
);

-- Without a reference to the run: one that is removed for good is no longer shown, that is all.
CREATE TABLE share_runs (
  share_id text NOT NULL REFERENCES shares ON DELETE CASCADE,
  run_id   text NOT NULL,
  position integer NOT NULL,
  PRIMARY KEY (share_id, run_id)
);
