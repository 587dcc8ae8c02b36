package dev.unmask.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecipeTest {
  static List<String> methods() {
    return Recipe.methods();
  }

  @Test
  void knowsEveryMethodThatAJobCanName() {
    assertThat(Recipe.methods())
        .startsWith("block")
        .containsAll(Families.methods().stream().map(TrainingMethod::name).toList());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void endsWithTheMethodOnOneKindOfNetworkUnderAModelNameOfItsOwn(String method) {
    Recipe recipe = Recipe.of(method);

    String wanted = method.equals("block") ? "block-diffusion" : method;
    assertThat(recipe.phases().getLast().method()).isEqualTo(wanted);
    assertThat(recipe.phases().stream().map(PhaseSpec::method).map(RecipeTest::network).distinct())
        .hasSize(1);
    assertThat(recipe.minutes()).isBetween(1.0, 60.0);
    assertThat(Recipe.methods().stream().filter(other -> name(other).equals(recipe.name())))
        .containsExactly(method);
    assertThat(recipe.job("corpus", 0.5).minutes()).isEqualTo(0.5);
  }

  private static String name(String method) {
    return Recipe.of(method).name();
  }

  private static String network(String method) {
    TrainingMethod named = Families.method(method);
    return named.network(named.options().defaults());
  }

  @Test
  void namesTheMethodsThatItKnows() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Recipe.of("gan"))
        .withMessageContaining("--method must be one of [block, ar, block-diffusion, radd");
  }
}
