/** Training jobs: the validated spec, the queue in PostgreSQL, life cycle. */
@NullMarked
package dev.unmask.training.job;

import org.jspecify.annotations.NullMarked;
