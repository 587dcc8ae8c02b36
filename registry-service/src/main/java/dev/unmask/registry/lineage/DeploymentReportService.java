package dev.unmask.registry.lineage;

import dev.unmask.registry.api.DeploymentReportsApi.DeploymentReport;
import dev.unmask.registry.api.DeploymentReportsApi.ReportedDeployment;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Keeps what serving services say. */
@Service
class DeploymentReportService {
  private final JdbcTemplate jdbc;
  private final LineageProperties properties;
  private final Clock clock;

  DeploymentReportService(JdbcTemplate jdbc, LineageProperties properties, Clock clock) {
    this.jdbc = jdbc;
    this.properties = properties;
    this.clock = clock;
  }

  /** An id stays with the team that it was first told for. */
  @Transactional
  public void keep(DeploymentReport report) {
    // In one order, so that two services that report at once can't wait for each other.
    List<ReportedDeployment> serving =
        report.serving().stream().sorted(Comparator.comparing(ReportedDeployment::id)).toList();
    Instant now = clock.instant();
    jdbc.update(
        "INSERT INTO deployments AS d (id, team_id, name, model, version, digest, status,"
            + " created_at, seen_at) SELECT DISTINCT ON (r.id) r.*, ?::timestamptz FROM unnest(?,"
            + " ?, ?, ?, ?::integer[], ?, ?, ?::timestamptz[]) AS r (id, team_id, name, model,"
            + " version, digest, status, created_at) WHERE EXISTS (SELECT 1 FROM teams t"
            + " WHERE t.id = r.team_id) ORDER BY r.id"
            + " ON CONFLICT (id) DO UPDATE SET name = excluded.name, model = excluded.model,"
            + " version = excluded.version, digest = excluded.digest, status = excluded.status,"
            + " seen_at = excluded.seen_at WHERE d.team_id = excluded.team_id",
        Timestamp.from(now),
        texts(serving, ReportedDeployment::id),
        texts(serving, ReportedDeployment::team),
        texts(serving, ReportedDeployment::name),
        texts(serving, ReportedDeployment::model),
        texts(serving, deployment -> Integer.toString(deployment.version())),
        texts(serving, ReportedDeployment::digest),
        texts(serving, ReportedDeployment::status),
        texts(serving, deployment -> deployment.createdAt().toString()));
    jdbc.update(
        "DELETE FROM deployments WHERE id = ANY (?) OR seen_at < ?",
        report.ended().toArray(String[]::new),
        Timestamp.from(now.minus(properties.forgetAfter())));
  }

  private static String[] texts(
      List<ReportedDeployment> serving, Function<ReportedDeployment, String> part) {
    return serving.stream().map(part).toArray(String[]::new);
  }
}
