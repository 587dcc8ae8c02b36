/** Tests of what every service gets from this module. */
@NullMarked
package dev.unmask.support;

import org.jspecify.annotations.NullMarked;
