package dev.unmask.training;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** Corpora and training jobs. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class TrainingApplication {

  /** The application with its own configuration name, ready to run beside others in one JVM. */
  public static SpringApplication application() {
    SpringApplication application = new SpringApplication(TrainingApplication.class);
    application.setWebApplicationType(WebApplicationType.SERVLET);
    application.setBannerMode(Banner.Mode.OFF);
    application.setDefaultProperties(Map.of("spring.config.name", "training-service"));
    return application;
  }

  /** In milliseconds, so that an answer shows the same instant before and after it was stored. */
  @Bean
  Clock clock() {
    return Clock.tickMillis(ZoneOffset.UTC);
  }

  public static void main(String[] args) {
    application().run(args);
  }
}
