package dev.unmask.registry.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** Whether the store of bytes and the database agree, for those who restored a backup. */
@HttpExchange("/api/v1/registry/blobs")
public interface BlobsApi {

  /** Compares sizes, not contents; reads the names of the whole store, so it may take a while. */
  @GetExchange
  BlobsView check(
      @RequestHeader(value = ModelsApi.TEAM_HEADER, required = false) @Nullable String team);

  /**
   * @param named files of the team's runs and model versions
   * @param missing how many of them have no bytes, or bytes of another size
   * @param examples the first of these, at most 100
   * @param orphans blobs that nobody's file names; they are removed in the background
   * @param orphanBytes their size
   */
  record BlobsView(
      long named, long missing, List<MissingFile> examples, long orphans, long orphanBytes) {}

  /**
   * @param owner {@code runs/ID} or {@code models/NAME/VERSION}
   */
  record MissingFile(String owner, String path, String sha256, long size) {}
}
