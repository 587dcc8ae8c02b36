package dev.unmask.training.api;

import java.time.Instant;

/**
 * A stored corpus.
 *
 * @param bytes length of the UTF-8 text
 * @param documents parts between form feeds that hold more than white space
 * @param sha256 lower-case hex digest of the text
 */
public record CorpusView(
    String id, String name, long bytes, long documents, String sha256, Instant createdAt) {}
