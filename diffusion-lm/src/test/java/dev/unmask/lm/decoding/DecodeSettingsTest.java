package dev.unmask.lm.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DecodeSettingsTest {
  private static final DecodeSettings SETTINGS =
      new DecodeSettings(32, 8, new FixedTokensPerStep(1), CacheKind.NONE, 0, 1, 7, List.of());

  @Test
  void namesTheFieldItsRangeAndTheValueOfASettingOutOfRange() {
    refused(
        "maxTokens", "maxTokens must be in [1, 131072], was 0", () -> SETTINGS.withMaxTokens(0));
    refused(
        "blockSize", "blockSize must be in [1, 4096], was -1", () -> SETTINGS.withBlockSize(-1));
    refused(
        "temperature",
        "temperature must be in [0, 10], was -0.1",
        () -> SETTINGS.withSampling(-0.1, 1));
    refused(
        "temperature",
        "temperature must be in [0, 10], was NaN",
        () -> SETTINGS.withSampling(Double.NaN, 1));
    refused("topP", "topP must be in (0, 1], was 0.0", () -> SETTINGS.withSampling(1, 0));
    refused(
        "stop",
        "stop must be at most 16 texts, was 17",
        () -> SETTINGS.withStop(Collections.nCopies(17, "a")));
    refused(
        "stop",
        "stop must be texts that are not empty, was []",
        () -> SETTINGS.withStop(List.of("")));
  }

  @Test
  void changesOneComponentAtATime() {
    assertThat(SETTINGS.withSeed(8).withSampling(0.5, 0.9).withCache(CacheKind.DUAL))
        .isEqualTo(
            new DecodeSettings(32, 8, SETTINGS.policy(), CacheKind.DUAL, 0.5, 0.9, 8, List.of()));
  }

  @Test
  void takesMaskedPositionsOfATemplateFromTheMaskId() {
    Canvas.Template template = Canvas.Template.of(new int[] {3, 9, 9, 4}, 9);

    assertThat(template.masked().stream()).containsExactly(1, 2);
    refused(
        "masked",
        "masked must be one or more positions in [0, 2), was {}",
        () -> new Canvas.Template(new int[2], new BitSet()));
    refused(
        "suffix",
        "suffix must be not empty, was empty",
        () -> new Canvas.Infill(new int[2], new int[0]));
    assertThat(Canvas.infill(new int[] {1}, new int[0])).isInstanceOf(Canvas.Completion.class);
  }

  private static void refused(String field, String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DecodeSettingException.class, e -> assertThat(e.field()).isEqualTo(field))
        .hasMessage(message);
  }
}
