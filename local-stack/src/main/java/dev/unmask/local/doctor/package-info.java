/** Checks of the machine and what to do about each. */
@NullMarked
package dev.unmask.local.doctor;

import org.jspecify.annotations.NullMarked;
