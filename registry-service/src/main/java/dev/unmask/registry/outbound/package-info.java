/** Connections to addresses that callers name, which must lead nowhere inwards. */
@NullMarked
package dev.unmask.registry.outbound;

import org.jspecify.annotations.NullMarked;
