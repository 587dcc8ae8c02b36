/** The demo: train, register, serve, stream, through the public API only. */
@NullMarked
package dev.unmask.local.demo;

import org.jspecify.annotations.NullMarked;
