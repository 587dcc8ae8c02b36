package dev.unmask.training.api;

import java.time.Instant;

/**
 * A stored corpus.
 *
 * @param kind {@code text}, {@code prompt-answer} or {@code messages}
 * @param bytes length of the UTF-8 file
 * @param documents parts of a text between form feeds that hold more than white space, or examples
 * @param sha256 lower-case hex digest of the file
 */
public record CorpusView(
    String id,
    String name,
    String kind,
    long bytes,
    long documents,
    String sha256,
    Instant createdAt) {}
