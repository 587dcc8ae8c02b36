-- Addresses that are told what happens in a team. Secrets are derived, never stored: a new number
-- makes a new one.
CREATE TABLE webhooks (
  id            text PRIMARY KEY,
  team_id       text NOT NULL,
  url           text NOT NULL,
  description   text NOT NULL,
  events        text[] NOT NULL CHECK (cardinality(events) > 0),
  active        boolean NOT NULL,
  secret_number integer NOT NULL,
  created_by    text NOT NULL,
  created_at    timestamptz NOT NULL
);
CREATE INDEX webhooks_of_team ON webhooks (team_id, created_at);

-- What is to be told, written in the transaction of what happened.
CREATE TABLE webhook_deliveries (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id  text NOT NULL,
  webhook_id  text NOT NULL REFERENCES webhooks ON DELETE CASCADE,
  event       text NOT NULL,
  body        text NOT NULL,
  state       text NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  attempts    integer NOT NULL,
  next_at     timestamptz NOT NULL,
  last_status integer,
  last_error  text,
  created_at  timestamptz NOT NULL,
  ended_at    timestamptz
);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (next_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_newest_first ON webhook_deliveries (webhook_id, id DESC);

-- What somebody should look at: once for each run (or other subject) and kind.
CREATE TABLE alerts (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  team_id         text NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('metric-not-finite', 'run-failed', 'run-stale')),
  run_id          text NOT NULL,
  detail          text NOT NULL,
  message         text NOT NULL,
  at              timestamptz NOT NULL,
  acknowledged_by text,
  acknowledged_at timestamptz,
  UNIQUE (team_id, kind, run_id, detail)
);
CREATE INDEX alerts_newest_first ON alerts (team_id, id DESC);
