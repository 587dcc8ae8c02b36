package dev.unmask.support.security;

import java.util.Locale;

/** What a caller may do in its team; each role covers the ones before it. */
public enum Role {
  /** The holder of a share link: reads what the link names, by the routes made for it. */
  SHARED,
  VIEWER,
  MEMBER,
  MAINTAINER,
  ADMIN,
  /** The account of the other services; acts for the team that a request names. */
  SERVICE;

  public boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }

  /**
   * @throws IllegalArgumentException for a name that is no role
   */
  public static Role of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** As tokens and JSON write it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
