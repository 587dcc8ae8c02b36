package dev.unmask.local.database;

/** How the services reach the database. */
public record DatabaseAddress(String jdbcUrl, String user, String password) {

  /** Without the password: addresses are logged. */
  @Override
  public String toString() {
    return jdbcUrl + " as " + user;
  }
}
