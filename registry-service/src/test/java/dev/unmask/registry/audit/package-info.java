/** The record of who did what. */
@NullMarked
package dev.unmask.registry.audit;

import org.jspecify.annotations.NullMarked;
