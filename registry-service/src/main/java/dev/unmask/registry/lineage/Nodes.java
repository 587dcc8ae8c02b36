package dev.unmask.registry.lineage;

import dev.unmask.registry.api.LineageApi.Node;
import dev.unmask.registry.api.LineageApi.NodeKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Makes nodes of rows. The first column is the uid of the node beside, the second its own. */
final class Nodes {
  static final String RUN = "r.uid, r.run_id, r.name, r.status";
  static final String MODEL = "m.uid, m.model_id, m.name, m.status";
  static final String VERSION = "v.uid, rm.name, v.version, v.digest";

  private Nodes() {}

  static Node run(String id, String name, String status) {
    return new Node("run:" + id, NodeKind.RUN, id, name, status, null, null);
  }

  static Node version(String model, int version, String digest) {
    return new Node(
        "version:" + model + "/" + version,
        NodeKind.VERSION,
        Integer.toString(version),
        model,
        null,
        digest,
        null);
  }

  static Found run(ResultSet row) throws SQLException {
    return new Found(
        row.getLong(1), row.getLong(2), run(row.getString(3), row.getString(4), row.getString(5)));
  }

  static Found model(ResultSet row) throws SQLException {
    String id = row.getString(3);
    return new Found(
        row.getLong(1),
        row.getLong(2),
        new Node(
            "model:" + id,
            NodeKind.LOGGED_MODEL,
            id,
            row.getString(4),
            row.getString(5),
            null,
            null));
  }

  static Found version(ResultSet row) throws SQLException {
    return new Found(
        row.getLong(1), row.getLong(2), version(row.getString(3), row.getInt(4), row.getString(5)));
  }

  /** Columns 3 to 5: name, digest, number of the experiment. */
  static Found dataset(ResultSet row) throws SQLException {
    String name = row.getString(3);
    String digest = row.getString(4);
    return new Found(
        row.getLong(1),
        row.getLong(2),
        new Node(
            "dataset:" + row.getLong(5) + "/" + digest + "/" + name,
            NodeKind.DATASET,
            digest,
            name,
            null,
            digest,
            null));
  }

  /**
   * Columns 2 to 6: id, name, status, digest, when it was seen.
   *
   * @param liveSince the latest sign of a deployment that is not stale is not before this
   */
  static Found deployment(ResultSet row, Instant liveSince) throws SQLException {
    String id = row.getString(2);
    boolean stale = row.getTimestamp(6).toInstant().isBefore(liveSince);
    return new Found(
        row.getLong(1),
        0,
        new Node(
            "deployment:" + id,
            NodeKind.DEPLOYMENT,
            id,
            row.getString(3),
            row.getString(4),
            row.getString(5),
            stale));
  }
}
