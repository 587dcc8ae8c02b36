/** Live progress of jobs as server-sent events. */
@NullMarked
package dev.unmask.training.progress;

import org.jspecify.annotations.NullMarked;
