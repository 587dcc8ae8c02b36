package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NanoGptTest {

  @Test
  void numbersTheCharactersThatOccur() {
    CharacterText text = CharacterText.of("cab ".repeat(1_000));
    NanoGpt network = NanoGpt.of(text);

    assertThat(network.characters()).startsWith(' ', 'a', 'b', 'c');
    assertThat(network.renumbered(text.training()).sequence(0)).startsWith(3, 1, 2, 0, 3);
  }
}
