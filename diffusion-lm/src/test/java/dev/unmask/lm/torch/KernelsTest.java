package dev.unmask.lm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.torch.PrecisionCalibration.Product;
import dev.unmask.lm.torch.PrecisionCalibration.Use;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelsTest {
  @Test
  void namesTheResourceThatIsMissing() {
    assertThatThrownBy(() -> Kernels.load(KernelsTest.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no resource KernelsTest.torchscript.py");
  }

  @Test
  void refusesAnArgumentThatNoKernelTakes() {
    try (Kernels kernels = Kernels.load(PrecisionCalibration.class);
        TensorScope scope = TensorScope.open()) {
      assertThatThrownBy(() -> kernels.call(scope, "product", "text"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not java.lang.String");
    }
  }

  @Test
  void aChoiceByHandIsNotMeasured() {
    assertThat(PrecisionCalibration.resolve(PrecisionChoice.BF16, List.of(), Use.DECODING))
        .isEqualTo(Precision.BF16);
  }

  @Test
  void timesEveryProductInBothNumberTypes() {
    PrecisionCalibration calibration =
        PrecisionCalibration.of(List.of(new Product(8, 16, 24)), Use.TRAINING);

    assertThat(calibration.timings()).hasSize(2);
    assertThat(calibration.timings())
        .allSatisfy(timing -> assertThat(timing.micros()).isPositive());
    assertThat(calibration.table()).contains("8 x   16 x   24");
  }
}
