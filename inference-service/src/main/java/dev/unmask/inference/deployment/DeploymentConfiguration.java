package dev.unmask.inference.deployment;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans of the feature that are not components themselves. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InferenceProperties.class)
class DeploymentConfiguration {

  @Bean
  ModelFileCache modelFileCache(InferenceProperties properties, RegistryModels registry) {
    return new ModelFileCache(properties.dataDirectory(), registry);
  }
}
