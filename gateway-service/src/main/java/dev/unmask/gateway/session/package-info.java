/** Exchange of API tokens for signed JWTs; the dashboard's sign-in cookie. */
@NullMarked
package dev.unmask.gateway.session;

import org.jspecify.annotations.NullMarked;
