/** Serves the dashboard. */
@NullMarked
package dev.unmask.gateway.dashboard;

import org.jspecify.annotations.NullMarked;
