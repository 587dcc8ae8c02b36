/** Who may call which route, and what callers who mean harm get. */
@NullMarked
package dev.unmask.registry.access;

import org.jspecify.annotations.NullMarked;
