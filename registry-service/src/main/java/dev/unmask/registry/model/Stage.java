package dev.unmask.registry.model;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.Arrays;

/** MLflow's older way to promote a version; aliases are the newer one. */
public enum Stage {
  NONE("None"),
  STAGING("Staging"),
  PRODUCTION("Production"),
  ARCHIVED("Archived");

  private final String wireName;

  Stage(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }

  /** In any case of letters. */
  public static Stage of(String name) {
    return Arrays.stream(values())
        .filter(stage -> stage.wireName.equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UnmaskException(
                    ErrorCode.INVALID_REQUEST,
                    "Invalid Model Version stage: "
                        + name
                        + ". Value must be one of None, Staging, Production, Archived."));
  }
}
