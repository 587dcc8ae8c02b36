/** What is deleted for good: purges of runs and experiments, and blobs that nothing names. */
@NullMarked
package dev.unmask.registry.retention;

import org.jspecify.annotations.NullMarked;
