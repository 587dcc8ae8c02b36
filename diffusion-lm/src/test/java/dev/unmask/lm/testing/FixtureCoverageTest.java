package dev.unmask.lm.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A reference case that no test reads would be a number nobody compares with. */
class FixtureCoverageTest {
  @Test
  void everyKindOfReferenceCaseHasATest() {
    Set<String> reproduced = new TreeSet<>();
    for (JavaClass type : new ClassFileImporter().importPackages("dev.unmask.lm")) {
      type.tryGetAnnotationOfType(ReproducesKinds.class)
          .ifPresent(kinds -> reproduced.addAll(Set.of(kinds.value())));
    }
    Set<String> present = new TreeSet<>();
    FixtureCase.all().forEach(fixture -> present.add(fixture.kind()));
    present.removeAll(reproduced);
    assertThat(present).as("kinds of reference cases without a test").isEmpty();
  }
}
