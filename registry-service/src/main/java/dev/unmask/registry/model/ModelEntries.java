package dev.unmask.registry.model;

import dev.unmask.registry.artifact.Artifact;
import dev.unmask.registry.artifact.Blob;
import dev.unmask.registry.model.ModelVersionService.Registration;
import dev.unmask.registry.query.Page;
import dev.unmask.registry.tag.TagTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Aliases, tags and manifests; the caller owns the transaction. */
@Component
class ModelEntries {
  private final JdbcTemplate jdbc;
  private final TagTable modelTags;
  private final TagTable versionTags;

  ModelEntries(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
    this.modelTags = new TagTable(jdbc, "registered_model_tags", "model_uid");
    this.versionTags = new TagTable(jdbc, "model_version_tags", "version_uid");
  }

  TagTable modelTags() {
    return modelTags;
  }

  TagTable versionTags() {
    return versionTags;
  }

  /** Alias to version by model uid; models without aliases are absent. */
  Map<Long, SortedMap<String, Integer>> aliases(Collection<Long> modelUids) {
    Map<Long, SortedMap<String, Integer>> aliases = new HashMap<>();
    jdbc.query(
        "SELECT model_uid, alias, version FROM model_aliases WHERE model_uid = ANY (?)",
        row -> {
          aliases
              .computeIfAbsent(row.getLong(1), uid -> new TreeMap<>())
              .put(row.getString(2), row.getInt(3));
        },
        (Object) modelUids.toArray(Long[]::new));
    return aliases;
  }

  Optional<Integer> alias(long modelUid, String alias) {
    return jdbc
        .query(
            "SELECT version FROM model_aliases WHERE model_uid = ? AND alias = ?",
            (row, number) -> row.getInt(1),
            modelUid,
            alias)
        .stream()
        .findFirst();
  }

  void setAlias(long modelUid, String alias, int version) {
    jdbc.update(
        "INSERT INTO model_aliases (model_uid, alias, version) VALUES (?, ?, ?)"
            + " ON CONFLICT (model_uid, alias) DO UPDATE SET version = excluded.version",
        modelUid,
        alias,
        version);
  }

  void removeAlias(long modelUid, String alias) {
    jdbc.update("DELETE FROM model_aliases WHERE model_uid = ? AND alias = ?", modelUid, alias);
  }

  /** The aliases that are gone. */
  List<String> removeAliasesOf(long modelUid, int version) {
    return jdbc.query(
        "DELETE FROM model_aliases WHERE model_uid = ? AND version = ? RETURNING alias",
        (row, number) -> row.getString(1),
        modelUid,
        version);
  }

  void putManifest(long versionUid, Manifest manifest) {
    jdbc.batchUpdate(
        "INSERT INTO model_version_files (version_uid, path, sha256, size) VALUES (?, ?, ?, ?)",
        manifest.files(),
        500,
        (statement, file) -> {
          statement.setLong(1, versionUid);
          statement.setString(2, file.path());
          statement.setString(3, file.blob().sha256());
          statement.setLong(4, file.blob().size());
        });
  }

  Manifest manifest(long versionUid) {
    return manifest(versionUid, "");
  }

  /**
   * Likewise, for a caller that gives the blobs further names: until its transaction ends they keep
   * these ones.
   */
  Manifest manifestToCopy(long versionUid) {
    return manifest(versionUid, " FOR SHARE");
  }

  private Manifest manifest(long versionUid, String lock) {
    return new Manifest(
        jdbc.query(
            "SELECT path, sha256, size FROM model_version_files WHERE version_uid = ?" + lock,
            (row, number) ->
                new Artifact(row.getString(1), new Blob(row.getString(2), row.getLong(3))),
            versionUid));
  }

  /** The uids of a page of a search. */
  Page<Long> uids(ModelSearchSql search) {
    return search.page(jdbc);
  }

  /** Versions by the logged model that they were made of, oldest first. */
  Map<String, List<Registration>> registrations(String teamId, Collection<String> modelIds) {
    Map<String, List<Registration>> found = new HashMap<>();
    jdbc.query(
        "SELECT v.model_id, m.name, v.version FROM model_versions v"
            + " JOIN registered_models m ON m.uid = v.model_uid"
            + " WHERE m.team_id = ? AND NOT v.deleted AND v.model_id = ANY (?)"
            + " ORDER BY v.created_at, v.uid",
        row -> {
          found
              .computeIfAbsent(row.getString(1), id -> new ArrayList<>())
              .add(new Registration(row.getString(2), row.getInt(3)));
        },
        teamId,
        modelIds.toArray(String[]::new));
    return found;
  }
}
