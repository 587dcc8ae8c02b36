/** Share links: a set of runs that somebody without an account reads until the link ends. */
@NullMarked
package dev.unmask.registry.share;

import org.jspecify.annotations.NullMarked;
