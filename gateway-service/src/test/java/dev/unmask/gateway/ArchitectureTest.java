package dev.unmask.gateway;

import dev.unmask.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void keepsTheBoundariesOfAService() {
    ArchitectureRules.checkService("gateway");
  }
}
