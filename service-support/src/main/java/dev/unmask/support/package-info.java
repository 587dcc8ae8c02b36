/** What every service of the suite shares; never domain code. */
@NullMarked
package dev.unmask.support;

import org.jspecify.annotations.NullMarked;
