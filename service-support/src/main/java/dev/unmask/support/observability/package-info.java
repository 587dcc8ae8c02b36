/** Request ids in logs and metric names. */
@NullMarked
package dev.unmask.support.observability;

import org.jspecify.annotations.NullMarked;
