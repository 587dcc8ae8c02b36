package dev.unmask.training.tracking;

import dev.unmask.registry.api.HistogramsApi;
import dev.unmask.registry.api.MlflowTrackingApi;
import dev.unmask.registry.api.ModelsApi;
import dev.unmask.registry.api.SamplesApi;
import dev.unmask.support.client.PeerProperties;
import dev.unmask.support.client.ServiceClients;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/** Clients of the registry, called as the service account. */
@Configuration(proxyBeanMethods = false)
class RegistryClients {

  @Bean
  MlflowTrackingApi mlflowTracking(ServiceClients clients, PeerProperties peers) {
    return clients.create(MlflowTrackingApi.class, peers.registry().url().toString());
  }

  @Bean
  SamplesApi registrySamples(ServiceClients clients, PeerProperties peers) {
    return clients.create(SamplesApi.class, peers.registry().url().toString());
  }

  @Bean
  HistogramsApi registryHistograms(ServiceClients clients, PeerProperties peers) {
    return clients.create(HistogramsApi.class, peers.registry().url().toString());
  }

  @Bean
  ModelsApi registryModels(ServiceClients clients, PeerProperties peers) {
    return clients.create(ModelsApi.class, peers.registry().url().toString());
  }

  /** For the files of a model, which are streamed. */
  @Bean
  RestClient registryFiles(ServiceClients clients, PeerProperties peers) {
    return clients.restClient(peers.registry().url().toString());
  }
}
