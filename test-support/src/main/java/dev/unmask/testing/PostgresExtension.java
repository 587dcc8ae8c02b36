package dev.unmask.testing;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a real PostgreSQL. Register it with {@code @ExtendWith}, or call {@link
 * #freshDatabase()} from a {@code @DynamicPropertySource}.
 */
public final class PostgresExtension implements BeforeAllCallback, ParameterResolver {

  /** An empty database that no other test sees. */
  public static TestDatabase freshDatabase() {
    return PostgresServer.shared().freshDatabase();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    PostgresServer.shared();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestDatabase.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return freshDatabase();
  }
}
