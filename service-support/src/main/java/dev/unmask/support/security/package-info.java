/** Verification of the gateway's signed tokens; roles; deny by default. */
@NullMarked
package dev.unmask.support.security;

import org.jspecify.annotations.NullMarked;
