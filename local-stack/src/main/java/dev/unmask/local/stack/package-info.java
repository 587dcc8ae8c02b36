/** The four services in one JVM, or one process each. */
@NullMarked
package dev.unmask.local.stack;

import org.jspecify.annotations.NullMarked;
