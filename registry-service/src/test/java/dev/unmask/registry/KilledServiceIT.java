package dev.unmask.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.testing.Await;
import dev.unmask.testing.PostgresExtension;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the service in mid-load: all or nothing, nothing acknowledged is lost. */
class KilledServiceIT {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  void losesNoAcknowledgedBatchAndTearsNone() throws Exception {
    try (RegistryProcess service = new RegistryProcess(PostgresExtension.freshDatabase(), folder)) {
      service.start();
      try (BatchLoad load = new BatchLoad(service.url(), service.ownersJwt())) {
        load.start(16);
        Await.until("acknowledged batches", LONG, () -> load.acknowledged() >= 100);
        service.kill();
        load.close();

        service.start();
        load.verify();
        assertThat(load.acknowledged()).isGreaterThanOrEqualTo(100);
      }
    }
  }
}
