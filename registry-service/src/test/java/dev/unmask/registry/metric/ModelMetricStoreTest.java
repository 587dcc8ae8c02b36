package dev.unmask.registry.metric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelMetricStoreTest {

  @ParameterizedTest
  @CsvSource({"0,1000", "1,1000", "100,1000", "1000,100", "50000,2", "1000000,1"})
  void showsFewerPointsOfEachOfManyModels(int models, int points) {
    assertThat(ModelMetricStore.shownOfEach(models)).isEqualTo(points);
  }
}
