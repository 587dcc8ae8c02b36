package dev.unmask.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.io.ClassPathResource;

class ConfigurationTest {
  private static Binder file() throws IOException {
    MutablePropertySources sources = new MutablePropertySources();
    new YamlPropertySourceLoader()
        .load("file", new ClassPathResource("training-service.yml"))
        .forEach(sources::addLast);
    return new Binder(ConfigurationPropertySources.from(sources));
  }

  private static Binder of(Map<String, String> values) {
    return new Binder(new MapConfigurationPropertySource(values));
  }

  private static <T> T bind(Binder binder, String prefix, Class<T> type) {
    return binder.bindOrCreate(prefix, type);
  }

  /** The records are package-private to their features, so they are found by name here. */
  private static void sameDefaults(String prefix, String type) throws Exception {
    Class<?> record = Class.forName("dev.unmask.training." + type);
    assertThat(bind(file(), prefix, record)).isEqualTo(bind(of(Map.of()), prefix, record));
  }

  @Test
  void documentsTheDefaultsThatTheRecordsHave() throws Exception {
    sameDefaults("unmask.training", "TrainingProperties");
    sameDefaults("unmask.training.corpus", "corpus.CorpusProperties");
    sameDefaults("unmask.training.job", "job.JobProperties");
    sameDefaults("unmask.training.worker", "pipeline.WorkerProperties");
    sameDefaults("unmask.training.train", "pipeline.TrainProperties");
    sameDefaults("unmask.training.tracking", "tracking.TrackingProperties");
    sameDefaults("unmask.training.machine", "machine.MachineProperties");
    sameDefaults("unmask.training.origin", "origin.OriginProperties");
    sameDefaults("unmask.training.events", "progress.ProgressFeedProperties");
  }

  @Test
  void takesTheDataDirectoryFromOutside() {
    assertThat(
            bind(
                of(Map.of("unmask.training.data-directory", "/srv/x")),
                "unmask.training",
                TrainingProperties.class))
        .isEqualTo(new TrainingProperties(Path.of("/srv/x")));
  }
}
