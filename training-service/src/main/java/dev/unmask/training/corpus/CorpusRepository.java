package dev.unmask.training.corpus;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Rows of {@code corpus}. */
@Repository
class CorpusRepository {
  private final JdbcClient jdbc;

  CorpusRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @return false when the team has a corpus of that name
   */
  boolean insert(StoredCorpus corpus) {
    return jdbc.sql(
                """
                insert into corpus
                  (id, team_id, name, kind, bytes, documents, sha256, created_by, created_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (team_id, name) do nothing""")
            .param(corpus.id())
            .param(corpus.teamId())
            .param(corpus.name())
            .param(corpus.kind().label())
            .param(corpus.bytes())
            .param(corpus.documents())
            .param(corpus.sha256())
            .param(corpus.createdBy())
            .param(Timestamp.from(corpus.createdAt()))
            .update()
        == 1;
  }

  List<StoredCorpus> ofTeam(String team) {
    return jdbc.sql("select * from corpus where team_id = ? order by created_at desc, id")
        .param(team)
        .query(CorpusRepository::read)
        .list();
  }

  Optional<StoredCorpus> find(String team, UUID id) {
    return jdbc.sql("select * from corpus where team_id = ? and id = ?")
        .param(team)
        .param(id)
        .query(CorpusRepository::read)
        .optional();
  }

  Optional<StoredCorpus> findByName(String team, String name) {
    return jdbc.sql("select * from corpus where team_id = ? and name = ?")
        .param(team)
        .param(name)
        .query(CorpusRepository::read)
        .optional();
  }

  /** Holds the row until the transaction ends, so that a delete and a submission meet in order. */
  boolean lock(UUID id, boolean forDelete) {
    return jdbc.sql("select 1 from corpus where id = ? for " + (forDelete ? "update" : "share"))
        .param(id)
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  boolean inUse(UUID id) {
    return jdbc.sql(
            """
            select exists (select 1 from job where corpus_id = ?
              and status in ('QUEUED', 'RUNNING', 'STOPPING'))""")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  void delete(UUID id) {
    jdbc.sql("delete from corpus where id = ?").param(id).update();
  }

  boolean hasContent(String sha256) {
    return jdbc.sql("select exists (select 1 from corpus where sha256 = ?)")
        .param(sha256)
        .query(Boolean.class)
        .single();
  }

  /** Serialises what happens to one text's file until the transaction ends. */
  void lockContent(String sha256) {
    jdbc.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
        .param(sha256)
        .query((row, n) -> n)
        .list();
  }

  private static StoredCorpus read(ResultSet row, int number) throws SQLException {
    return new StoredCorpus(
        row.getObject("id", UUID.class),
        row.getString("team_id"),
        row.getString("name"),
        CorpusKind.of(row.getString("kind")),
        row.getLong("bytes"),
        row.getLong("documents"),
        row.getString("sha256"),
        row.getString("created_by"),
        row.getTimestamp("created_at").toInstant());
  }
}
