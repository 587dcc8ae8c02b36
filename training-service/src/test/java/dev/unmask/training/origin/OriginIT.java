package dev.unmask.training.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.unmask.testing.PostgresExtension;
import dev.unmask.training.FakeEngine;
import dev.unmask.training.FakeRegistry;
import dev.unmask.training.TrainingServer;
import dev.unmask.training.api.JobStatus;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A run of a service that was started from this checkout tells so. */
@ExtendWith(PostgresExtension.class)
class OriginIT {
  @TempDir Path folder;

  private static SubmitJob job() {
    return new SubmitJob(
        "text",
        "tiny",
        null,
        null,
        null,
        List.of(new PhaseSpec("block-diffusion", 4, null, null, 4)),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @Test
  void tellsCommitAndDifferenceOfTheCheckoutThatItWasStartedFrom() {
    Git git = new Git(Path.of("").toAbsolutePath(), Duration.ofSeconds(30));
    Optional<Checkout> here = Checkout.read(git, 1_000_000);
    assumeTrue(here.isPresent(), "needs git and a checkout");
    FakeEngine engine = new FakeEngine(1_000);

    try (FakeRegistry registry = new FakeRegistry();
        TrainingServer server =
            new TrainingServer(
                PostgresExtension.freshDatabase(),
                registry,
                folder,
                engine,
                Map.of("unmask.training.origin.git", "true"))) {
      server.upload("text", "one\ftwo\fthree");
      server.awaitStatus(server.submit(job()).id(), JobStatus.COMPLETED);

      assertThat(registry.tags)
          .containsEntry("mlflow.source.git.commit", here.get().commit())
          .containsEntry("mlflow.source.git.dirty", String.valueOf(here.get().dirty()));
      String difference = here.get().difference();
      if (difference == null) {
        assertThat(registry.artifacts).doesNotContainKey("source/difference.patch");
      } else {
        assertThat(registry.artifacts.get("source/difference.patch"))
            .asString(java.nio.charset.StandardCharsets.UTF_8)
            .isEqualTo(difference);
      }
    }
  }
}
