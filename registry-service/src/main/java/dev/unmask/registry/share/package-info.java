/**
 * Share links: runs, or a report with its runs, that somebody without an account reads until the
 * link ends.
 */
@NullMarked
package dev.unmask.registry.share;

import org.jspecify.annotations.NullMarked;
