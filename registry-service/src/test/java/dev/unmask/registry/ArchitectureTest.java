package dev.unmask.registry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.unmask.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void keepsTheSuitesBoundaries() {
    ArchitectureRules.checkService("registry");
  }

  @Test
  void keepsFeaturesFreeOfTheProtocol() {
    JavaClasses classes = ArchitectureRules.production("dev.unmask.registry");

    noClasses()
        .that()
        .resideOutsideOfPackage("dev.unmask.registry.mlflow..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.unmask.registry.mlflow..")
        .because("a feature never uses an adapter")
        .check(classes);
  }

  @Test
  void keepsEntitiesInsideTheirFeatures() {
    JavaClasses classes = ArchitectureRules.production("dev.unmask.registry");

    noClasses()
        .that()
        .areAnnotatedWith("jakarta.persistence.Entity")
        .should()
        .bePublic()
        .because("no entity leaves a service method")
        .check(classes);
  }
}
