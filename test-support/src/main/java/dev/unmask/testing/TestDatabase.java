package dev.unmask.testing;

import java.util.Map;

/** An empty database of its own on the shared PostgreSQL server of the test run. */
public record TestDatabase(String jdbcUrl, String user, String password) {

  /** As Spring Boot's data source properties. */
  public Map<String, String> springProperties() {
    return Map.of(
        "spring.datasource.url", jdbcUrl,
        "spring.datasource.username", user,
        "spring.datasource.password", password);
  }
}
