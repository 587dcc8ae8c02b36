package dev.unmask.registry.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.promotion.PromotionRule.Better;
import dev.unmask.registry.promotion.PromotionRule.MetricBetter;
import dev.unmask.registry.promotion.PromotionRule.MetricLimit;
import dev.unmask.registry.promotion.PromotionRule.MetricPresent;
import dev.unmask.registry.promotion.PromotionRule.TagPresent;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromotionRuleTest {
  private static final Candidate EMPTY = new Candidate(Map.of(), Map.of());

  private static Candidate with(double nats) {
    return new Candidate(Map.of("nats", nats), Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    "LOWER, 0, 1.9, 2.0, true",
    "LOWER, 0, 2.0, 2.0, false",
    "LOWER, 0, 2.1, 2.0, false",
    "LOWER, 0.5, 1.5, 2.0, true",
    "LOWER, 0.5, 1.6, 2.0, false",
    "HIGHER, 0, 2.1, 2.0, true",
    "HIGHER, 0, 2.0, 2.0, false",
    "HIGHER, 0.5, 2.5, 2.0, true",
    "HIGHER, 0.5, 2.4, 2.0, false",
  })
  void comparesWithTheChampionByTheMargin(
      Better better, double margin, double value, double champion, boolean fulfilled) {
    PromotionRule rule = new MetricBetter("nats", better, margin);

    assertThat(rule.judge(with(value), with(champion)).fulfilled()).isEqualTo(fulfilled);
  }

  @Test
  void needsNoChampionToBeBetterThan() {
    PromotionRule rule = new MetricBetter("nats", Better.LOWER, 0);

    assertThat(rule.judge(with(9), null).fulfilled()).isTrue();
    assertThat(rule.judge(with(9), EMPTY).fulfilled()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"LOWER, 2, true", "LOWER, 2.1, false", "HIGHER, 2, true", "HIGHER, 1.9, false"})
  void includesTheLimitItself(Better better, double value, boolean fulfilled) {
    PromotionRule rule = new MetricLimit("nats", better, 2);

    assertThat(rule.judge(with(value), null).fulfilled()).isEqualTo(fulfilled);
  }

  @Test
  void refusesWhatWasNotMeasured() {
    for (PromotionRule rule :
        new PromotionRule[] {
          new MetricPresent("nats"),
          new MetricLimit("nats", Better.LOWER, 2),
          new MetricBetter("nats", Better.LOWER, 0)
        }) {
      assertThat(rule.judge(EMPTY, with(1)))
          .satisfies(
              finding -> {
                assertThat(finding.fulfilled()).isFalse();
                assertThat(finding.message()).contains("no finite metric 'nats'");
              });
    }
  }

  @Test
  void comparesTheValueOfATagWhereOneIsGiven() {
    Candidate tagged = new Candidate(Map.of(), Map.of("reviewed", "yes"));

    assertThat(new TagPresent("reviewed", null).judge(tagged, null).fulfilled()).isTrue();
    assertThat(new TagPresent("reviewed", "yes").judge(tagged, null).fulfilled()).isTrue();
    assertThat(new TagPresent("reviewed", "no").judge(tagged, null).fulfilled()).isFalse();
    assertThat(new TagPresent("reviewed", null).judge(EMPTY, null).fulfilled()).isFalse();
  }
}
