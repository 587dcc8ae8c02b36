package dev.unmask.gateway.routing;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What the gateway lets through.
 *
 * @param allowedHosts names, without port, under which clients may address the gateway; against DNS
 *     rebinding
 * @param loopbackMetrics whether /actuator/prometheus answers a peer on the loopback interface
 *     without a token
 * @param bodyLimit largest bodies a route may take, picked by the route's {@code body} metadata
 * @param rate requests a token may make on routes that name no other rate
 * @param logRate requests a token may make to log to runs, counted apart: they are many, and cheap
 */
@Validated
@ConfigurationProperties("unmask.gateway")
record RoutingProperties(
    @DefaultValue({"localhost", "127.0.0.1", "[::1]"}) @NotEmpty Set<String> allowedHosts,
    @DefaultValue("true") boolean loopbackMetrics,
    @DefaultValue @Valid @NotNull BodyLimit bodyLimit,
    @DefaultValue @Valid @NotNull Rate rate,
    @DefaultValue @Valid @NotNull LogRate logRate) {

  /**
   * @param json everything that is JSON
   * @param inputs data sets that a run read, with their schemas and profiles
   * @param corpus uploads of training text
   * @param artifact files of a run or a logged model
   */
  record BodyLimit(
      @DefaultValue("1MB") DataSize json,
      @DefaultValue("4MB") DataSize inputs,
      @DefaultValue("2GB") DataSize corpus,
      @DefaultValue("8GB") DataSize artifact) {

    DataSize of(BodyKind kind) {
      return switch (kind) {
        case JSON -> json;
        case INPUTS -> inputs;
        case CORPUS -> corpus;
        case ARTIFACT -> artifact;
      };
    }
  }

  /** The kinds of bodies; a route that names none takes JSON. */
  enum BodyKind {
    JSON,
    INPUTS,
    CORPUS,
    ARTIFACT
  }

  /** The kinds of requests that are counted apart, picked by the route's {@code rate} metadata. */
  enum RateKind {
    GENERAL,
    LOG
  }

  Limit limit(RateKind kind) {
    return switch (kind) {
      case GENERAL -> rate;
      case LOG -> logRate;
    };
  }

  /** How often a caller may ask. */
  sealed interface Limit {
    /** Requests that flow back into a caller's bucket each second. */
    double perSecond();

    /** Size of the bucket. */
    int burst();
  }

  record Rate(
      @DefaultValue("300") @DecimalMin("0.1") double perSecond,
      @DefaultValue("1000") @Min(1) int burst)
      implements Limit {}

  record LogRate(
      @DefaultValue("2000") @DecimalMin("0.1") double perSecond,
      @DefaultValue("4000") @Min(1) int burst)
      implements Limit {}
}
