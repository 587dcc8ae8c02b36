/** Failures of the gateway, in the shape of the protocol that was called. */
@NullMarked
package dev.unmask.gateway.error;

import org.jspecify.annotations.NullMarked;
