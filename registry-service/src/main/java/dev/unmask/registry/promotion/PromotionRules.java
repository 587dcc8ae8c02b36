package dev.unmask.registry.promotion;

import dev.unmask.registry.promotion.PromotionRule.Better;
import dev.unmask.registry.promotion.PromotionRule.MetricBetter;
import dev.unmask.registry.promotion.PromotionRule.MetricLimit;
import dev.unmask.registry.promotion.PromotionRule.MetricPresent;
import dev.unmask.registry.promotion.PromotionRule.TagPresent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rules in the database; the caller owns the transaction. */
@Component
class PromotionRules {
  private final JdbcTemplate jdbc;

  PromotionRules(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  List<PromotionRule> of(long modelUid, String target) {
    return jdbc.query(
        "SELECT kind, key, better, number, value FROM promotion_rules"
            + " WHERE model_uid = ? AND target = ? ORDER BY position",
        (row, number) -> rule(row),
        modelUid,
        target);
  }

  void replace(long modelUid, String target, List<PromotionRule> rules) {
    jdbc.update("DELETE FROM promotion_rules WHERE model_uid = ? AND target = ?", modelUid, target);
    for (int position = 0; position < rules.size(); position++) {
      insert(modelUid, target, position, rules.get(position));
    }
  }

  private void insert(long modelUid, String target, int position, PromotionRule rule) {
    switch (rule) {
      case MetricPresent(String metric) ->
          insert(modelUid, target, position, "metric-present", metric, null, null, null);
      case MetricLimit(String metric, Better better, double limit) ->
          insert(modelUid, target, position, "metric-limit", metric, better, limit, null);
      case MetricBetter(String metric, Better better, double margin) ->
          insert(modelUid, target, position, "metric-better", metric, better, margin, null);
      case TagPresent tag ->
          insert(modelUid, target, position, "tag", tag.key(), null, null, tag.value());
    }
  }

  private void insert(
      long modelUid,
      String target,
      int position,
      String kind,
      String key,
      @Nullable Better better,
      @Nullable Double number,
      @Nullable String value) {
    jdbc.update(
        "INSERT INTO promotion_rules"
            + " (model_uid, target, position, kind, key, better, number, value)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        modelUid,
        target,
        position,
        kind,
        key,
        better == null ? null : better.name().toLowerCase(Locale.ROOT),
        number,
        value);
  }

  private static PromotionRule rule(ResultSet row) throws SQLException {
    String key = row.getString(2);
    return switch (row.getString(1)) {
      case "metric-present" -> new MetricPresent(key);
      case "metric-limit" -> new MetricLimit(key, better(row), row.getDouble(4));
      case "metric-better" -> new MetricBetter(key, better(row), row.getDouble(4));
      default -> new TagPresent(key, row.getString(5));
    };
  }

  private static Better better(ResultSet row) throws SQLException {
    return Better.valueOf(row.getString(3).toUpperCase(Locale.ROOT));
  }
}
