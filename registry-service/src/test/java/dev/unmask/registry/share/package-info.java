/** What a share link shows, and that it does nothing else. */
@NullMarked
package dev.unmask.registry.share;

import org.jspecify.annotations.NullMarked;
