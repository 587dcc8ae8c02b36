/** Runs and points of metrics as CSV, JSON lines and Parquet, streamed while they are read. */
@NullMarked
package dev.unmask.registry.export;

import org.jspecify.annotations.NullMarked;
