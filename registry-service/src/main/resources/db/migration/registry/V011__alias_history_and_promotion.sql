-- Where each alias pointed, in the order in which it moved; where it points now is in model_aliases.
CREATE TABLE model_alias_changes (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  model_uid bigint NOT NULL REFERENCES registered_models ON DELETE CASCADE,
  alias     text NOT NULL,
  kind      text NOT NULL CHECK (kind IN ('set', 'rolled_back', 'removed')),
  version   integer CHECK ((version IS NULL) = (kind = 'removed')),
  previous  integer,
  user_id   text NOT NULL,
  at        timestamptz NOT NULL
);
CREATE INDEX model_alias_changes_newest_first ON model_alias_changes (model_uid, alias, id DESC);
CREATE TRIGGER alias_changes_never_change BEFORE UPDATE ON model_alias_changes
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- An alias that is older than its history begins it, so that the first move can be taken back.
INSERT INTO model_alias_changes (model_uid, alias, kind, version, user_id, at)
SELECT a.model_uid, a.alias, 'set', a.version, v.user_id, to_timestamp(v.created_at / 1000.0)
FROM model_aliases a JOIN model_versions v ON v.model_uid = a.model_uid AND v.version = a.version
ORDER BY a.model_uid, a.alias;

-- What a version must fulfil before an alias (or a stage, as stage:Production) may point at it.
CREATE TABLE promotion_rules (
  model_uid bigint NOT NULL REFERENCES registered_models ON DELETE CASCADE,
  target    text NOT NULL,
  position  integer NOT NULL,
  kind      text NOT NULL CHECK (kind IN ('metric-present', 'metric-limit', 'metric-better', 'tag')),
  key       text NOT NULL,
  better    text CHECK (better IN ('lower', 'higher')),
  number    double precision,
  value     text,
  PRIMARY KEY (model_uid, target, position),
  CHECK ((better IS NOT NULL AND number IS NOT NULL) = (kind IN ('metric-limit', 'metric-better')))
);
