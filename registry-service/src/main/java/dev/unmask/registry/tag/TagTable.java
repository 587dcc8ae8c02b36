package dev.unmask.registry.tag;

import dev.unmask.registry.database.StatementGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Keys and values of many owners in one table, read and written in bulk. The table's names come
 * from code, never from callers.
 */
public final class TagTable {
  private final JdbcTemplate jdbc;
  private final String table;
  private final String owner;

  /**
   * @param owner the column of the owner's uid
   */
  public TagTable(JdbcTemplate jdbc, String table, String owner) {
    this.jdbc = jdbc;
    this.table = table;
    this.owner = owner;
  }

  /** All entries of one owner. */
  public SortedMap<String, String> of(long uid) {
    return of(List.of(uid)).getOrDefault(uid, new TreeMap<>());
  }

  /** Entries by owner; owners without any are absent. */
  public Map<Long, SortedMap<String, String>> of(Collection<Long> uids) {
    return of(uids, null);
  }

  /**
   * Entries of some keys by owner; owners without any are absent.
   *
   * @param keys null for all of them
   */
  public Map<Long, SortedMap<String, String>> of(
      Collection<Long> uids, @Nullable Collection<String> keys) {
    Map<Long, SortedMap<String, String>> entries = new HashMap<>();
    if (uids.isEmpty() || (keys != null && keys.isEmpty())) {
      return entries;
    }
    List<Object> parameters = new ArrayList<>();
    parameters.add(uids.toArray(Long[]::new));
    if (keys != null) {
      parameters.add(keys.toArray(String[]::new));
    }
    jdbc.query(
        "SELECT "
            + owner
            + ", key, value FROM "
            + table
            + " WHERE "
            + owner
            + " = ANY (?)"
            + (keys == null ? "" : " AND key = ANY (?)"),
        row -> {
          entries
              .computeIfAbsent(row.getLong(1), uid -> new TreeMap<>())
              .put(row.getString(2), row.getString(3));
        },
        parameters.toArray());
    return entries;
  }

  /** Those of the keys that one owner has. */
  public SortedMap<String, String> of(long uid, Collection<String> keys) {
    SortedMap<String, String> entries = new TreeMap<>();
    jdbc.query(
        "SELECT key, value FROM " + table + " WHERE " + owner + " = ? AND key = ANY (?)",
        row -> {
          entries.put(row.getString(1), row.getString(2));
        },
        uid,
        keys.toArray(String[]::new));
    return entries;
  }

  /** Adds or replaces. */
  public void put(long uid, SortedMap<String, String> entries) {
    StatementGroup statement = new StatementGroup();
    put(statement, uid, entries);
    statement.run(jdbc);
  }

  /** Adds the statement that adds or replaces. */
  public void put(StatementGroup statements, long uid, SortedMap<String, String> entries) {
    insert(statements, uid, entries, "DO UPDATE SET value = excluded.value");
  }

  /** Adds what is new and leaves what is there. */
  public void addAbsent(long uid, SortedMap<String, String> entries) {
    StatementGroup statement = new StatementGroup();
    addAbsent(statement, uid, entries);
    statement.run(jdbc);
  }

  /** Adds the statement that adds what is new and leaves what is there. */
  public void addAbsent(StatementGroup statements, long uid, SortedMap<String, String> entries) {
    insert(statements, uid, entries, "DO NOTHING");
  }

  /**
   * @return whether there was such a key
   */
  public boolean remove(long uid, String key) {
    return jdbc.update("DELETE FROM " + table + " WHERE " + owner + " = ? AND key = ?", uid, key)
        > 0;
  }

  private void insert(
      StatementGroup statements, long uid, SortedMap<String, String> entries, String onConflict) {
    if (entries.isEmpty()) {
      return;
    }
    // In key order, so that two writers of one owner wait for each other instead of deadlocking.
    statements.add(
        "INSERT INTO "
            + table
            + " ("
            + owner
            + ", key, value) SELECT ?, k, v FROM unnest(?, ?) AS t (k, v) ON CONFLICT ("
            + owner
            + ", key) "
            + onConflict,
        uid,
        entries.keySet().toArray(String[]::new),
        entries.values().toArray(String[]::new));
  }
}
