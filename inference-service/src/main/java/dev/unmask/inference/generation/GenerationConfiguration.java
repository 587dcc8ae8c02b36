package dev.unmask.inference.generation;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where seeds come from when a request names none. */
@Configuration(proxyBeanMethods = false)
class GenerationConfiguration {

  @Bean
  RandomGenerator seeds() {
    return new SecureRandom();
  }
}
