package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/**
 * Registered models and their immutable versions, scoped to the caller's team; only the service
 * account names a team by header.
 *
 * <p>The bytes of a version's files are streamed and therefore not modelled here: {@link
 * #FILE_PATH}.
 */
@HttpExchange("/api/v1/registry/models")
public interface ModelsApi {

  /** Names the team that a call of the service account is for; ignored from anyone else. */
  String TEAM_HEADER = "X-Unmask-Team";

  /**
   * URI template of one file of a version, by GET: its bytes with {@code Content-Length} and, as
   * {@code ETag}, the SHA-256 of the content. Variables: name, ref, path (as query parameter).
   */
  String FILE_PATH = "/api/v1/registry/models/{name}/versions/{ref}/files?path={path}";

  /** All models of the team, the last updated first. */
  @GetExchange
  List<ModelView> list(@RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team);

  /** One model with its versions, newest first; 404 when the team has none of this name. */
  @GetExchange("/{name}")
  ModelView get(
      @RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team,
      @PathVariable String name);

  /**
   * One version with its manifest.
   *
   * @param ref a number such as {@code 3}, or an alias such as {@code @champion}
   */
  @GetExchange("/{name}/versions/{ref}")
  ModelVersionView version(
      @RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team,
      @PathVariable String name,
      @PathVariable String ref);

  /**
   * @param aliases alias to version number
   * @param versions newest first, without files in lists of models
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ModelView(
      String name,
      @Nullable String description,
      Map<String, Integer> aliases,
      Map<String, String> tags,
      List<ModelVersionView> versions,
      Instant createdAt,
      Instant updatedAt) {}

  /**
   * @param runId the run whose artifacts the version was made from
   * @param digest {@code sha256:} and the SHA-256, in hex, over the lines {@code
   *     <sha256>␠␠<path>\n} of all files, sorted by path
   * @param files the manifest, sorted by path; it never changes
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ModelVersionView(
      String name,
      int version,
      @Nullable String runId,
      String digest,
      List<String> aliases,
      List<ModelFile> files,
      Instant createdAt,
      Map<String, String> tags) {}

  /**
   * @param path relative to the version's root, with {@code /} between names
   * @param size in bytes
   * @param sha256 of the content, lower-case hex
   */
  record ModelFile(String path, long size, String sha256) {}
}
