/** The registry over HTTP, on a real PostgreSQL. */
@NullMarked
package dev.unmask.registry;

import org.jspecify.annotations.NullMarked;
