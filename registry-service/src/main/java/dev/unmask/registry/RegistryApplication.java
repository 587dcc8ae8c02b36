package dev.unmask.registry;

import java.time.Clock;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** Experiments, runs, artifacts, registered models and identity, in one schema of PostgreSQL. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class RegistryApplication {

  /** The application as it is configured, to be run alone or beside other services' in one JVM. */
  public static SpringApplication application() {
    SpringApplication application = new SpringApplication(RegistryApplication.class);
    application.setWebApplicationType(WebApplicationType.SERVLET);
    application.setMainApplicationClass(RegistryApplication.class);
    application.setBannerMode(Banner.Mode.OFF);
    application.setDefaultProperties(java.util.Map.of("spring.config.name", "registry-service"));
    return application;
  }

  public static void main(String[] arguments) {
    application().run(arguments);
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }
}
