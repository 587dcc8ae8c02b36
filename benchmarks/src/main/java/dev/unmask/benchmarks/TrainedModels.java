package dev.unmask.benchmarks;

import java.nio.file.Path;

/**
 * Models that methods left behind.
 *
 * @param text that they learned from
 * @param autoregressive judges what others write
 */
record TrainedModels(CharacterText text, Path autoregressive, Path radd, Path smdm) {}
