/** What somebody of the team should look at: each run's troubles, told once. */
@NullMarked
package dev.unmask.registry.alert;

import org.jspecify.annotations.NullMarked;
