/** Tells other systems what happens in a team: signed, repeated until answered, never inwards. */
@NullMarked
package dev.unmask.registry.webhook;

import org.jspecify.annotations.NullMarked;
