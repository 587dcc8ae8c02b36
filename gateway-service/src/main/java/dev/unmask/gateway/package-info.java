/** The gateway application. */
@NullMarked
package dev.unmask.gateway;

import org.jspecify.annotations.NullMarked;
