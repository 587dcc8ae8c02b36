/** Black-box tests: real processes, real clients, everything through the gateway. */
@NullMarked
package dev.unmask.system;

import org.jspecify.annotations.NullMarked;
