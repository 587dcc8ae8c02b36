/** Rate limits and settings, without a network. */
@NullMarked
package dev.unmask.gateway.routing;

import org.jspecify.annotations.NullMarked;
