/** The append-only record of who did what in a team, and how its admins read it. */
@NullMarked
package dev.unmask.registry.audit;

import org.jspecify.annotations.NullMarked;
