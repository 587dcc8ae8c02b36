/** The unmask command: its sub-commands and options. */
@NullMarked
package dev.unmask.local;

import org.jspecify.annotations.NullMarked;
