package dev.unmask.inference.deployment;

import dev.unmask.registry.api.ModelsApi;
import dev.unmask.registry.api.ModelsApi.ModelVersionView;
import dev.unmask.support.client.PeerProperties;
import dev.unmask.support.client.ServiceClients;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Asks the registry as the service account, on behalf of one team. */
@Component
class RegistryModelsClient implements RegistryModels {
  private final ModelsApi models;
  private final RestClient files;

  RegistryModelsClient(ServiceClients clients, PeerProperties peers) {
    String registry = peers.registry().url().toString();
    models = clients.create(ModelsApi.class, registry);
    files = clients.restClient(registry);
  }

  @Override
  public RegisteredVersion resolve(String team, ModelReference reference) {
    ModelVersionView version =
        asking(reference, () -> models.version(team, reference.name(), reference.versionOrAlias()));
    return new RegisteredVersion(
        version.name(),
        version.version(),
        version.digest(),
        version.files().stream()
            .map(file -> new ModelFile(file.path(), file.size(), file.sha256()))
            .toList());
  }

  @Override
  public void download(String team, RegisteredVersion version, String path, Sink sink) {
    String ref = String.valueOf(version.version());
    asking(
        new ModelReference(version.name(), null, version.version()),
        () ->
            files
                .get()
                .uri(ModelsApi.FILE_PATH, version.name(), ref, path)
                .header(ModelsApi.TEAM_HEADER, team)
                .exchangeForRequiredValue(
                    (request, response) -> {
                      if (response.getStatusCode() != HttpStatus.OK) {
                        throw response.createException();
                      }
                      pour(response.getBody(), sink);
                      return true;
                    }));
  }

  private static void pour(InputStream body, Sink sink) throws IOException {
    sink.accept(body);
  }

  private static <T> T asking(ModelReference reference, Supplier<T> call) {
    try {
      return call.get();
    } catch (HttpClientErrorException.NotFound unknown) {
      throw unknown(reference);
    } catch (RestClientException | UncheckedIOException away) {
      throw new UnmaskException(
          ErrorCode.REGISTRY_UNAVAILABLE,
          "the registry does not answer: " + away.getMessage(),
          away);
    }
  }

  private static UnmaskException unknown(ModelReference reference) {
    return reference.alias() == null
        ? new UnmaskException(
            ErrorCode.MODEL_VERSION_NOT_FOUND,
            "the registry has no version %d of a model \"%s\""
                .formatted(reference.version(), reference.name()))
        : new UnmaskException(
            ErrorCode.MODEL_ALIAS_NOT_FOUND,
            "the registry has no alias \"%s\" of a model \"%s\": set it there, or name a version"
                .formatted(reference.alias(), reference.name()));
  }
}
