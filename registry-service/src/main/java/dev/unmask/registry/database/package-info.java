/** What a database that is busy or away looks like, and how callers are told. */
@NullMarked
package dev.unmask.registry.database;

import org.jspecify.annotations.NullMarked;
