package dev.unmask.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class StackPortsTest {
  @Test
  void takesAFreePortInPlaceOfATakenOneAndSaysSo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      StackPorts.Choice choice = StackPorts.choose(taken.getLocalPort(), OptionalInt.empty());

      assertThat(choice.ports().gateway()).isNotEqualTo(taken.getLocalPort());
      assertThat(choice.remarks())
          .anySatisfy(
              remark ->
                  assertThat(remark)
                      .contains("Port " + taken.getLocalPort() + " is taken")
                      .contains("gateway"));
    }
  }

  @Test
  void keepsThePortOfADatabaseThatStillRuns() {
    StackPorts.Choice choice = StackPorts.choose(40_000, OptionalInt.of(12_345));

    assertThat(choice.ports().database()).isEqualTo(12_345);
    assertThat(choice.remarks()).anySatisfy(remark -> assertThat(remark).contains("12345"));
  }
}
