package dev.unmask.registry.artifact;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ArtifactConfiguration {

  @Bean
  BlobStore blobStore(ArtifactProperties properties) {
    return new BlobStore(properties.directory());
  }
}
