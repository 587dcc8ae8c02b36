/** Exchange and cookie, without a network. */
@NullMarked
package dev.unmask.gateway.session;

import org.jspecify.annotations.NullMarked;
