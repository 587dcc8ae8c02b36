package dev.unmask.lm.corpus;

/**
 * What can be said of a corpus without keeping it.
 *
 * @param bytes of the file
 * @param documents that hold more than white space
 * @param sha256 of the file's bytes, 64 hexadecimal digits
 */
public record CorpusSummary(long bytes, int documents, String sha256) {}
