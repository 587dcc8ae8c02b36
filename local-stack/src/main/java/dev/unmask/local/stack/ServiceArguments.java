package dev.unmask.local.stack;

import dev.unmask.local.database.DatabaseAddress;
import java.util.ArrayList;
import java.util.List;

/** What each service is told at its start: its port, its peers, its files, its database. */
final class ServiceArguments {
  private final DataDirectory data;
  private final StackPorts ports;
  private final DatabaseAddress database;

  ServiceArguments(DataDirectory data, StackPorts ports, DatabaseAddress database) {
    this.data = data;
    this.ports = ports;
    this.database = database;
  }

  /** Spring arguments of a service, without the database's password: others can list processes. */
  List<String> of(ServiceKind service) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--server.port=" + ports.of(service));
    arguments.add("--server.address=127.0.0.1");
    for (ServiceKind peer : ServiceKind.values()) {
      arguments.add("--unmask." + peer.id() + ".url=" + ports.url(peer));
    }
    arguments.add("--unmask." + service.id() + ".data-directory=" + data.of(service));
    if (service.usesDatabase()) {
      arguments.add("--spring.datasource.url=" + database.jdbcUrl());
      arguments.add("--spring.datasource.username=" + database.user());
    }
    if (service != ServiceKind.GATEWAY) {
      // The gateway's library is on the same class path and refuses to stand beside Spring MVC.
      arguments.add("--spring.cloud.gateway.server.webflux.enabled=false");
    }
    switch (service) {
      case REGISTRY -> {
        arguments.add("--unmask.identity.owner-token-file=" + data.ownerToken());
        arguments.add("--unmask.identity.service-token-file=" + data.serviceToken());
        arguments.add("--unmask.identity.signing-key-file=" + data.signingKey());
      }
      case TRAINING, INFERENCE ->
          arguments.add("--unmask.service-token-file=" + data.serviceToken());
      case GATEWAY -> {}
    }
    return List.copyOf(arguments);
  }

  /** The password as the argument of a service in this JVM. */
  String passwordArgument() {
    return "--spring.datasource.password=" + database.password();
  }

  /** The password of a service in its own process, as an environment variable. */
  String password() {
    return database.password();
  }
}
