package dev.unmask.registry.comment;

import dev.unmask.registry.api.CommentsApi;
import dev.unmask.registry.api.CommentsApi.Comment;
import dev.unmask.registry.api.CommentsApi.CommentView;
import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.audit.Change;
import dev.unmask.registry.run.RunService;
import dev.unmask.registry.tag.TagRules;
import dev.unmask.registry.text.StorableText;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The use cases of comments. The audit log tells who wrote, changed and removed one, and not its
 * text: the log keeps for ever what an author may take back.
 */
@Service
class CommentService {
  private static final String SELECT =
      "SELECT c.id, c.author_id, coalesce(u.name, c.author_id), c.text, c.created_at, c.edited_at"
          + " FROM run_comments c LEFT JOIN users u ON u.id = c.author_id WHERE c.run_uid = ?";

  private final RunService runs;
  private final JdbcTemplate jdbc;
  private final AuditLog audit;
  private final Clock clock;

  CommentService(RunService runs, JdbcTemplate jdbc, AuditLog audit, Clock clock) {
    this.runs = runs;
    this.jdbc = jdbc;
    this.audit = audit;
    this.clock = clock;
  }

  @Transactional(readOnly = true)
  public List<CommentView> list(Caller caller, String runId, long after, int most) {
    return jdbc.query(
        SELECT + " AND c.id > ? ORDER BY c.id LIMIT ?",
        (row, number) -> Stored.read(row).view(caller),
        runs.get(caller.teamId(), runId).uid(),
        after,
        most);
  }

  @Transactional
  public CommentView add(Caller caller, String runId, Comment comment) {
    String text = checked(comment);
    // One writer at a time, so that ids come in the order of the pages that are read by them.
    long run = runs.lock(caller.teamId(), runId).uid();
    long id =
        Objects.requireNonNull(
            jdbc.queryForObject(
                "INSERT INTO run_comments (run_uid, author_id, text, created_at)"
                    + " VALUES (?, ?, ?, ?) RETURNING id",
                Long.class,
                run,
                caller.userId(),
                text,
                now()));
    audit.record(caller, "comment.create", object(runId, id), null);
    return find(run, id).view(caller);
  }

  @Transactional
  public CommentView edit(Caller caller, String runId, long id, Comment comment) {
    String text = checked(comment);
    long run = runs.get(caller.teamId(), runId).uid();
    if (!find(run, id).authorId().equals(caller.userId())) {
      throw new UnmaskException(
          ErrorCode.FORBIDDEN, "only its author may change a comment: write one of your own");
    }
    jdbc.update("UPDATE run_comments SET text = ?, edited_at = ? WHERE id = ?", text, now(), id);
    audit.record(caller, "comment.edit", object(runId, id), null);
    return find(run, id).view(caller);
  }

  @Transactional
  public void delete(Caller caller, String runId, long id) {
    long run = runs.get(caller.teamId(), runId).uid();
    Stored comment = find(run, id);
    if (!comment.authorId().equals(caller.userId()) && !caller.role().covers(Role.MAINTAINER)) {
      throw new UnmaskException(
          ErrorCode.FORBIDDEN, "only its author and maintainers may delete a comment");
    }
    jdbc.update("DELETE FROM run_comments WHERE id = ?", id);
    audit.record(
        caller,
        new Change(
            "comment.delete", object(runId, id), Map.of("author", comment.authorId()), null));
  }

  private Stored find(long run, long id) {
    return jdbc.query(SELECT + " AND c.id = ?", (row, number) -> Stored.read(row), run, id).stream()
        .findFirst()
        .orElseThrow(
            () ->
                new UnmaskException(
                    ErrorCode.COMMENT_NOT_FOUND, "the run has no comment with id " + id));
  }

  private static String checked(Comment comment) {
    TagRules.atMost("text", comment.text(), CommentsApi.LONGEST);
    return StorableText.check("text", comment.text());
  }

  private static String object(String runId, long id) {
    return runId + "/comments/" + id;
  }

  private Timestamp now() {
    return Timestamp.from(clock.instant());
  }

  private record Stored(
      long id,
      String authorId,
      String author,
      String text,
      Instant createdAt,
      @Nullable Instant editedAt) {

    static Stored read(ResultSet row) throws SQLException {
      Timestamp edited = row.getTimestamp(6);
      return new Stored(
          row.getLong(1),
          row.getString(2),
          row.getString(3),
          row.getString(4),
          row.getTimestamp(5).toInstant(),
          edited == null ? null : edited.toInstant());
    }

    CommentView view(Caller caller) {
      return new CommentView(
          id, author, authorId.equals(caller.userId()), text, createdAt, editedAt);
    }
  }
}
