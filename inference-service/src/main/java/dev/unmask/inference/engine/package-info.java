/** The block engine: request scheduler, engine thread, running requests. */
@NullMarked
package dev.unmask.inference.engine;

import org.jspecify.annotations.NullMarked;
