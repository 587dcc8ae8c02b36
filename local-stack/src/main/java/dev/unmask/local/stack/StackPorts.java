package dev.unmask.local.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

/** Loopback ports of one stack; only the gateway's is meant for people and programs. */
public record StackPorts(int gateway, int registry, int training, int inference, int database) {
  /** The gateway's port when the user names none; the others follow it. */
  public static final int DEFAULT = 8080;

  private static final int LOWEST = 10_240;
  private static final int EPHEMERAL = 32_768;
  private static final int TRIES = 1_000;

  private static final String[] OWNERS = {
    "gateway", "registry", "training", "inference", "PostgreSQL"
  };

  /** The chosen ports and a sentence for each that had to be another than usual. */
  record Choice(StackPorts ports, List<String> remarks) {}

  /**
   * Takes five ports in a row, and free ones in place of those that are taken.
   *
   * @param databasePort where a server of this data directory already runs
   */
  static Choice choose(int first, OptionalInt databasePort) {
    int[] ports = new int[OWNERS.length];
    List<String> remarks = new ArrayList<>();
    for (int i = 0; i < ports.length; i++) {
      ports[i] = isFree(first + i) ? first + i : anyFree();
      boolean adopted = i == ports.length - 1 && databasePort.isPresent();
      if (adopted) {
        ports[i] = databasePort.getAsInt();
        remarks.add("PostgreSQL of an earlier run is still up on port " + ports[i] + ": kept.");
      } else if (ports[i] != first + i) {
        remarks.add("Port %d is taken, the %s uses %d.".formatted(first + i, OWNERS[i], ports[i]));
      }
    }
    return new Choice(
        new StackPorts(ports[0], ports[1], ports[2], ports[3], ports[4]), List.copyOf(remarks));
  }

  int of(ServiceKind service) {
    return switch (service) {
      case GATEWAY -> gateway;
      case REGISTRY -> registry;
      case TRAINING -> training;
      case INFERENCE -> inference;
    };
  }

  String url(ServiceKind service) {
    return "http://127.0.0.1:" + of(service);
  }

  /** Whether nobody listens on a loopback port right now. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  /**
   * Below the range from which systems take the ports of outgoing connections: from inside it, a
   * service that is down for a moment can lose its port to a connection of its neighbour.
   */
  private static int anyFree() {
    return ThreadLocalRandom.current()
        .ints(LOWEST, EPHEMERAL)
        .limit(TRIES)
        .filter(StackPorts::isFree)
        .findFirst()
        .orElseThrow(() -> new StackFailure("this machine has no free port"));
  }
}
