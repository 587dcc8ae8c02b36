package dev.unmask.local;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Unmask.class.getPackage().getImplementationVersion();
    return new String[] {
      "unmask " + Objects.requireNonNullElse(version, "(not from a jar)"),
      "JVM " + Runtime.version(),
    };
  }
}
