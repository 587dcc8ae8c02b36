/** Calls to other services: the service account's token, request ids passed on, timeouts. */
@NullMarked
package dev.unmask.support.client;

import org.jspecify.annotations.NullMarked;
