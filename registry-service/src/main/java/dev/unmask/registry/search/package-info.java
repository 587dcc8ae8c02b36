/** The suite's own search of runs: selected fields, pages, groups. */
@NullMarked
package dev.unmask.registry.search;

import org.jspecify.annotations.NullMarked;
