/** Users, teams, roles, hashed API tokens and the exchange for signed JWTs. */
@NullMarked
package dev.unmask.registry.identity;

import org.jspecify.annotations.NullMarked;
