package dev.unmask.lm.gguf;

import java.util.List;

/** A metadata value. */
sealed interface GgufValue {
  record Whole(long value) implements GgufValue {}

  record Real(double value) implements GgufValue {}

  record Truth(boolean value) implements GgufValue {}

  record Text(String value) implements GgufValue {}

  record Texts(List<String> values) implements GgufValue {
    public Texts {
      values = List.copyOf(values);
    }
  }

  /** Whole numbers or truth values. */
  record Wholes(List<Long> values) implements GgufValue {
    public Wholes {
      values = List.copyOf(values);
    }
  }

  record Reals(List<Double> values) implements GgufValue {
    public Reals {
      values = List.copyOf(values);
    }
  }
}
