package dev.unmask.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;

/** The boundaries of ARCHITECTURE.md as rules that a broken build explains. */
public final class ArchitectureRules {
  private static final List<String> SERVICES =
      List.of("registry", "training", "inference", "gateway");

  private ArchitectureRules() {}

  /** Production classes of one module. */
  public static JavaClasses production(String rootPackage) {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages(rootPackage);
  }

  /** Checks the rules that hold for every service. */
  public static void checkService(String service) {
    JavaClasses classes = production("dev.unmask." + service);
    noOtherService(service).check(classes);
    noWallClockOrSleep().check(classes);
    noFieldInjection().check(classes);
    noConsole().check(classes);
    noCycles("dev.unmask." + service).check(classes);
    transactionsOnlyInServices().allowEmptyShould(true).check(classes);
  }

  /** Services call each other through the contracts of the api modules only. */
  public static ArchRule noOtherService(String service) {
    return noClasses()
        .should()
        .dependOnClassesThat(
            com.tngtech.archunit.base.DescribedPredicate.describe(
                "belong to another service",
                other ->
                    SERVICES.stream()
                        .filter(name -> !name.equals(service))
                        .anyMatch(
                            name ->
                                other.getPackageName().startsWith("dev.unmask." + name)
                                    && !other
                                        .getPackageName()
                                        .startsWith("dev.unmask." + name + ".api"))))
        .because("a call between services goes through an *-api interface");
  }

  public static ArchRule noWallClockOrSleep() {
    return noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Math.class, "random")
        .because("clocks and random generators are constructor parameters; wait for a condition");
  }

  public static ArchRule noFieldInjection() {
    return fields()
        .should()
        .notBeAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
        .andShould()
        .notBeAnnotatedWith("org.springframework.beans.factory.annotation.Value")
        .allowEmptyShould(true)
        .because("dependencies come through the one constructor, settings through records");
  }

  public static ArchRule noConsole() {
    return noClasses()
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .because("services log; only the command line prints");
  }

  public static ArchRule noCycles(String rootPackage) {
    return SlicesRuleDefinition.slices()
        .matching(rootPackage + ".(*)..")
        .should()
        .beFreeOfCycles()
        .because("a feature that needs another one's answer listens to its event instead");
  }

  public static ArchRule transactionsOnlyInServices() {
    return classes()
        .that()
        .areAnnotatedWith("org.springframework.transaction.annotation.Transactional")
        .should()
        .haveSimpleNameEndingWith("Service")
        .because("the application service owns the transaction");
  }
}
