package dev.unmask.lm;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.unmask.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses LIBRARY = ArchitectureRules.production("dev.unmask.lm");

  @Test
  void packagesHaveNoCycles() {
    ArchitectureRules.noCycles("dev.unmask.lm").check(LIBRARY);
  }

  @Test
  void knowsNoSpringNoDatabaseAndNoWeb() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework..",
            "jakarta..",
            "java.sql..",
            "java.net.http..",
            "tools.jackson..")
        .because("the library is what lies between text and text; services wrap it")
        .check(LIBRARY);
  }

  @Test
  void onlyTheTorchPackageKnowsPyTorch() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.unmask.lm.torch..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl.pytorch..")
        .because("dev.unmask.lm.torch is the one door to PyTorch: call Kernels")
        .check(LIBRARY);
  }

  @Test
  void trainerAndDecodingDoNotMeet() {
    noClasses()
        .that()
        .resideInAPackage("dev.unmask.lm.trainer..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.unmask.lm.decoding..")
        .because("they share the backbone and nothing else")
        .check(LIBRARY);
    noClasses()
        .that()
        .resideInAPackage("dev.unmask.lm.decoding..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.unmask.lm.trainer..")
        .because("they share the backbone and nothing else")
        .check(LIBRARY);
  }

  @Test
  void schedulesLayoutsAndPoliciesArePlainJava() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.unmask.lm.corruption..", "dev.unmask.lm.attention..", "dev.unmask.lm.objective..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .because("they are mathematics that a reader checks without tensors")
        .check(LIBRARY);
  }

  @Test
  void neitherSleepsNorPrints() {
    ArchitectureRules.noWallClockOrSleep().check(LIBRARY);
    ArchitectureRules.noConsole().check(LIBRARY);
  }
}
