/** The schema: how it comes to be and what it keeps of the data of earlier releases. */
@NullMarked
package dev.unmask.registry.database;

import org.jspecify.annotations.NullMarked;
