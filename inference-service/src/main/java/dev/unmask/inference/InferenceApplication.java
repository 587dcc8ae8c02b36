package dev.unmask.inference;

import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** Serves registered models. */
@SpringBootApplication
@EnableConfigurationProperties(BodyProperties.class)
public class InferenceApplication {

  public static void main(String[] args) {
    application().run(args);
  }

  /** Configured by {@code inference-service.yml}, whatever else is on the class path. */
  public static SpringApplication application() {
    SpringApplication application = new SpringApplication(InferenceApplication.class);
    application.setDefaultProperties(Map.of("spring.config.name", "inference-service"));
    application.setWebApplicationType(WebApplicationType.SERVLET);
    application.setBannerMode(Banner.Mode.OFF);
    return application;
  }
}
