package dev.unmask.registry.artifact;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.http.ResponseEntity;

/**
 * An artifact as an answer: streamed, with ranges, its SHA-256 as ETag. Whatever it holds, a
 * browser must save it and not run it.
 */
public final class ArtifactDownload {

  private ArtifactDownload() {}

  /**
   * @param name what a browser saves it as
   */
  public static ResponseEntity<Resource> of(String name, Blob blob, Path content) {
    return ResponseEntity.ok()
        .contentType(MediaTypeFactory.getMediaType(name).orElse(MediaType.APPLICATION_OCTET_STREAM))
        .contentLength(blob.size())
        .eTag(blob.sha256())
        .header(
            "Content-Disposition",
            ContentDisposition.attachment()
                .filename(name, StandardCharsets.UTF_8)
                .build()
                .toString())
        .header("X-Content-Type-Options", "nosniff")
        .header("Content-Security-Policy", "sandbox; default-src 'none'")
        .body(new FileSystemResource(content));
  }
}
