package dev.unmask.lm.corpus;

import java.util.ArrayList;
import java.util.List;

/**
 * A corpus divided into text to train on and text to validate with. A document's fingerprint
 * decides where it goes, so it stays there when others come or go, and a copy of it never stands on
 * the other side. With too few documents for that, the end of each is for validation.
 *
 * @param training texts, in corpus order
 * @param validation texts, in corpus order
 */
public record CorpusSplit(List<String> training, List<String> validation) {

  /** With fewer documents than this for one validation document, each is split by position. */
  private static final int DOCUMENTS_PER_VALIDATION_DOCUMENT = 2;

  public CorpusSplit {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
  }

  /**
   * @param validationFraction share for validation, in (0, 0.5]
   * @throws IllegalArgumentException if the fraction is out of range
   * @throws InvalidCorpusException if a corpus of a few characters cannot be divided
   */
  public static CorpusSplit of(Corpus corpus, double validationFraction) {
    if (!(validationFraction > 0 && validationFraction <= 0.5)) {
      throw new IllegalArgumentException(
          "validationFraction must be in (0, 0.5], was " + validationFraction);
    }
    double expected = corpus.documents().size() * validationFraction;
    return expected < DOCUMENTS_PER_VALIDATION_DOCUMENT
        ? byPosition(corpus, validationFraction)
        : byFingerprint(corpus, validationFraction);
  }

  private static CorpusSplit byFingerprint(Corpus corpus, double validationFraction) {
    // Chance may choose none: then the document nearest to being chosen is the one.
    double nearest =
        corpus.documents().stream()
            .mapToDouble(document -> draw(document.fingerprint()))
            .min()
            .orElseThrow();
    double limit = Math.max(validationFraction, Math.nextUp(nearest));
    List<String> training = new ArrayList<>();
    List<String> validation = new ArrayList<>();
    for (Document document : corpus.documents()) {
      (draw(document.fingerprint()) < limit ? validation : training).add(document.text());
    }
    // Copies of one document all land on one side.
    return training.isEmpty()
        ? byPosition(corpus, validationFraction)
        : new CorpusSplit(training, validation);
  }

  /** A number in [0, 1) made of the fingerprint's first 52 bits. */
  static double draw(String fingerprint) {
    return Long.parseLong(fingerprint, 0, 13, 16) * 0x1.0p-52;
  }

  private static CorpusSplit byPosition(Corpus corpus, double validationFraction) {
    List<String> training = new ArrayList<>();
    List<String> validation = new ArrayList<>();
    for (Document document : corpus.documents()) {
      String text = document.text();
      int cut = cut(text, (int) Math.round(text.length() * (1 - validationFraction)));
      add(training, text.substring(0, cut));
      add(validation, text.substring(cut));
    }
    if (training.isEmpty() || validation.isEmpty()) {
      throw new InvalidCorpusException(
          InvalidCorpusException.Reason.EMPTY,
          0,
          "the corpus is too short to keep a part of it for validation: add text");
    }
    return new CorpusSplit(training, validation);
  }

  private static void add(List<String> texts, String text) {
    if (!text.isBlank()) {
      texts.add(text);
    }
  }

  /** The nearest line end before the wanted position, or else between two characters there. */
  private static int cut(String text, int wanted) {
    int lineEnd = text.lastIndexOf('\n', Math.max(0, wanted - 1)) + 1;
    if (lineEnd > text.length() / 2) {
      return lineEnd;
    }
    boolean withinCharacter =
        wanted > 0 && wanted < text.length() && Character.isLowSurrogate(text.charAt(wanted));
    return withinCharacter ? wanted - 1 : wanted;
  }
}
