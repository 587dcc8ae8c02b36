package dev.unmask.training;

import dev.unmask.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void keepsTheRulesOfEveryService() {
    ArchitectureRules.checkService("training");
  }
}
