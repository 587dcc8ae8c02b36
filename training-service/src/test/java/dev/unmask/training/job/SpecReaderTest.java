package dev.unmask.training.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.MethodChoice;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.training.api.SubmitJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class SpecReaderTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private final SpecReader reader =
      new SpecReader(new JobProperties(16, Duration.ofSeconds(60), 1_000_000_000));

  private SubmitJob read(String json) {
    return reader.read(JSON.readTree(json.replace('\'', '"')));
  }

  private List<FieldFault> faults(String json) {
    UnmaskException refused = catchThrowableOfType(UnmaskException.class, () -> read(json));
    assertThat(refused.code()).isEqualTo(ErrorCode.SPEC_INVALID);
    return refused.faults();
  }

  @Test
  void readsItsOwnDefaultsBack() {
    SubmitJob spec = read("{'corpus': 'c', 'name': 'n', 'experiment': 'e'}");

    assertThat(reader.read(JSON.valueToTree(spec))).isEqualTo(spec);
    assertThat(spec.phases())
        .extracting(SubmitJob.PhaseSpec::method)
        .containsExactly("ar", "block-diffusion");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}| corpus",
        "{'corpus': ''}| corpus",
        "{'corpus': 'c', 'corpse': 1}| corpse",
        "{'corpus': 'c', 'name': '../x'}| name",
        "{'corpus': 'c', 'batchSize': 0}| batchSize",
        "{'corpus': 'c', 'samples': 9}| samples",
        "{'corpus': 'c', 'samples': -1}| samples",
        "{'corpus': 'c', 'batchSize': 1.5}| batchSize",
        "{'corpus': 'c', 'batchSize': '8'}| batchSize",
        "{'corpus': 'c', 'minutes': 0}| minutes",
        "{'corpus': 'c', 'precision': 'f16'}| precision",
        "{'corpus': 'c', 'activations': 'dropped'}| activations",
        "{'corpus': 'c', 'activations': 'recomputed', 'phases': [{'method': 'sedd'}]}| activations",
        "{'corpus': 'c', 'validationFraction': 0.9}| validationFraction",
        "{'corpus': 'c', 'checkpointEverySteps': 0}| checkpointEverySteps",
        "{'corpus': 'c', 'tokenizer': {'kind': 'words'}}| tokenizer.kind",
        "{'corpus': 'c', 'tokenizer': {'vocabulary': 100}}| tokenizer.vocabulary",
        "{'corpus': 'c', 'tokenizer': {'kind': 'byte', 'vocabulary': 512}}| tokenizer.vocabulary",
        "{'corpus': 'c', 'tokenizer': 3}| tokenizer",
        "{'corpus': 'c', 'model': {'width': 50, 'heads': 4}}| model.width",
        "{'corpus': 'c', 'model': {'width': 8192, 'layers': 64, 'heads': 1}}| model.width",
        "{'corpus': 'c', 'model': {'width': 8192, 'layers': 64, 'heads': 1}, 'phases': [{'method': 'dsm'}]}| model.width",
        "{'corpus': 'c', 'model': {'layer': 2}}| model.layer",
        "{'corpus': 'c', 'optimizer': {'learningRate': 2}}| optimizer.learningRate",
        "{'corpus': 'c', 'optimizer': {'decay': 'step'}}| optimizer.decay",
        "{'corpus': 'c', 'phases': []}| phases",
        "{'corpus': 'c', 'phases': [{}]}| phases[0].method",
        "{'corpus': 'c', 'phases': [{'method': 'gan'}]}| phases[0].method",
        "{'corpus': 'c', 'phases': [{'method': 'ar', 'blockSize': 4}]}| phases[0].blockSize",
        "{'corpus': 'c', 'phases': [{'method': 'ar', 'loss': 't'}]}| phases[0].loss",
        "{'corpus': 'c', 'phases': [{'method': 'llada', 'schedule': 'linear'}]}| phases[0].schedule",
        "{'corpus': 'c', 'phases': [{'method': 'sedd', 'schedule': 'linear'}]}| phases[0].schedule",
        "{'corpus': 'c', 'phases': [{'method': 'sedd', 'graph': 'line'}]}| phases[0].graph",
        "{'corpus': 'c', 'phases': [{'method': 'mdlm', 'graph': 'absorb'}]}| phases[0].graph",
        "{'corpus': 'c', 'phases': [{'method': 'sdar', 'blockSize': 0}]}| phases[0].blockSize",
        "{'corpus': 'c', 'phases': [{'method': 'bd3lm', 'clip': 'half'}]}| phases[0].clip",
        "{'corpus': 'c', 'phases': [{'method': 'sdar', 'clip': 'none'}]}| phases[0].clip",
        "{'corpus': 'c', 'phases': [{'method': 'llada', 'data': 'answers'}]}| phases[0].data",
        "{'corpus': 'c', 'phases': [{'method': 'radd', 'data': 'prompt-answer'}]}| phases[0].data",
        "{'corpus': 'c', 'phases': [{'method': 'smdm', 'unconditional': 0.1}]}| phases[0].unconditional",
        "{'corpus': 'c', 'phases': [{'method': 'smdm', 'data': 'prompt-answer', 'unconditional': 1}]}| phases[0].unconditional",
        "{'corpus': 'c', 'phases': [{'method': 'dream', 'data': 'prompt-answer', 'unconditional': 0.1}]}| phases[0].unconditional",
        "{'corpus': 'c', 'phases': [{'method': 'ar'}, {'method': 'mdlm'}]}| phases[1].method",
        "{'corpus': 'c', 'phases': [{'method': 'block-diffusion', 'blockSize': 5}]}| phases[0].blockSize",
        "{'corpus': 'c', 'phases': [{'method': 'ar', 'steps': 5}, {'method': 'ar'}]}| phases[1].steps",
        "{'corpus': 'c', 'phases': [{'method': 'ar', 'steps': 5, 'share': 1}]}| phases[0].share",
        "{'corpus': 'c', 'minutes': 1, 'phases': [{'method': 'ar', 'steps': 5}]}| minutes",
        "{'corpus': 'c', 'startFrom': 'demo'}| startFrom",
        "{'corpus': 'c', 'startFrom': 'models:/a@b', 'model': {}}| model",
        "{'corpus': 'c', 'register': {'model': 'a/b'}}| register.model",
        "{'corpus': 'c', 'register': {'alias': 'latest'}}| register.alias",
        "{'corpus': 'c', 'register': {'alias': 'v3'}}| register.alias",
      })
  void namesTheFieldOfAFault(String json, String field) {
    assertThat(faults(json)).extracting(FieldFault::field).containsExactly(field);
  }

  @Test
  void readsEveryMethodWithItsDefaults() {
    for (TrainingMethod method : Families.methods()) {
      SubmitJob spec = read("{'corpus': 'c', 'phases': [{'method': '" + method.name() + "'}]}");

      assertThat(MethodChoices.of(Objects.requireNonNull(spec.phases()).getFirst()))
          .isEqualTo(method.options().defaults());
      assertThat(reader.read(JSON.valueToTree(spec))).isEqualTo(spec);
    }
  }

  @Test
  void readsEveryJobOfTheDocumentation() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "training.md"));
    List<String> jobs =
        Pattern.compile("```json\\n(\\{.*?)```", Pattern.DOTALL)
            .matcher(page)
            .results()
            .map(block -> block.group(1))
            .toList();

    assertThat(jobs).hasSizeGreaterThanOrEqualTo(4).allSatisfy(this::read);
  }

  @Test
  void readsAPhaseOfPromptsAndAnswers() {
    SubmitJob spec =
        read(
            "{'corpus': 'c', 'phases': [{'method': 'smdm', 'data': 'prompt-answer',"
                + " 'unconditional': 0.1}, {'method': 'llada', 'data': 'prompt-answer'}]}");

    MethodChoice smdm = MethodChoices.of(Objects.requireNonNull(spec.phases()).getFirst());
    assertThat(smdm.learnsAnswers()).isTrue();
    assertThat(smdm.unconditional()).isEqualTo(0.1);
    assertThat(spec.phases().getLast().unconditional()).isZero();
    assertThat(reader.read(JSON.valueToTree(spec))).isEqualTo(spec);
  }

  @Test
  void takesShapeAndTokenizerFromTheEarlierModel() {
    SubmitJob spec = read("{'corpus': 'c', 'startFrom': 'models:/demo@champion'}");

    assertThat(spec.model()).isNull();
    assertThat(spec.tokenizer()).isNull();
  }
}
