/** The append-only record of who did what to tokens and models. */
@NullMarked
package dev.unmask.registry.audit;

import org.jspecify.annotations.NullMarked;
