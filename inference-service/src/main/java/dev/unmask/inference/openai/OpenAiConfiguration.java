package dev.unmask.inference.openai;

import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Beans of the adapter. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StreamProperties.class)
class OpenAiConfiguration {

  @Bean
  CompletionsController.Wire openAiWire(JsonMapper json, Clock clock) {
    return new CompletionsController.Wire(json, clock);
  }
}
