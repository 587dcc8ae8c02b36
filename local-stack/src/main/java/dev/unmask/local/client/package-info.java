/** The gateway's public API, as commands use it. */
@NullMarked
package dev.unmask.local.client;

import org.jspecify.annotations.NullMarked;
