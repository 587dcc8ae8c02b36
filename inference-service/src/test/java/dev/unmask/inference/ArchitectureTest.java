package dev.unmask.inference;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.unmask.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void keepsTheBoundariesOfEveryService() {
    ArchitectureRules.checkService("inference");
  }

  @Test
  void noFeatureUsesTheProtocolAdapter() {
    JavaClasses classes = ArchitectureRules.production("dev.unmask.inference");
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.unmask.inference.openai..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.unmask.inference.openai..")
        .because("a protocol is rendered in its adapter and nowhere else")
        .check(classes);
    noClasses()
        .that()
        .resideInAPackage("dev.unmask.inference.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.unmask.inference.deployment..", "dev.unmask.inference.generation..")
        .because("the engine knows models and requests, not who deployed or asked for them")
        .check(classes);
  }
}
