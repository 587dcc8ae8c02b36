/** What training tells the registry, buffered while it is away. */
@NullMarked
package dev.unmask.training.tracking;

import org.jspecify.annotations.NullMarked;
