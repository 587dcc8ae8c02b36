/** The embedded PostgreSQL server: durable settings, kept data. */
@NullMarked
package dev.unmask.local.database;

import org.jspecify.annotations.NullMarked;
