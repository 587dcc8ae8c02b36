package dev.unmask.registry.artifact;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.http.ResponseEntity;

/**
 * An artifact as an answer: streamed, whole or the ranges that were asked for, its SHA-256 as ETag
 * and as {@code Repr-Digest} (RFC 9530). Whatever it holds, a browser must save it and not run it.
 */
public final class ArtifactDownload {

  private ArtifactDownload() {}

  /**
   * @param name what a browser saves it as
   * @param asked the request's headers: {@code Range}, and {@code If-Range}, by which a download
   *     goes on only where it is still of the same bytes and begins anew otherwise
   */
  public static ResponseEntity<Resource> of(
      String name, Blob blob, Path content, HttpHeaders asked) {
    if (asksForAllOfIt(asked, blob)) {
      // Spring reads ranges of every resource but this kind.
      return answer(name, blob)
          .contentLength(blob.size())
          .body(new InputStreamResource(() -> Files.newInputStream(content)));
    }
    if (!canGive(asked, content)) {
      // Left to Spring, the refusal would carry the whole file.
      return ResponseEntity.status(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
          .header(HttpHeaders.CONTENT_RANGE, "bytes */" + blob.size())
          .build();
    }
    return answer(name, blob).body(new FileSystemResource(content));
  }

  /** Ranges of other bytes than these, or in a unit that is not ours, are as good as none. */
  private static boolean asksForAllOfIt(HttpHeaders asked, Blob blob) {
    String range = asked.getFirst(HttpHeaders.RANGE);
    String ifRange = asked.getFirst(HttpHeaders.IF_RANGE);
    return range != null
        && (!range.startsWith("bytes=")
            || (ifRange != null && !ifRange.equals('"' + blob.sha256() + '"')));
  }

  private static boolean canGive(HttpHeaders asked, Path content) {
    try {
      HttpRange.toResourceRegions(asked.getRange(), new FileSystemResource(content));
      return true;
    } catch (IllegalArgumentException malformedOrBehindTheEnd) {
      return false;
    }
  }

  private static ResponseEntity.BodyBuilder answer(String name, Blob blob) {
    return ResponseEntity.ok()
        .contentType(MediaTypeFactory.getMediaType(name).orElse(MediaType.APPLICATION_OCTET_STREAM))
        .eTag(blob.sha256())
        .header("Repr-Digest", "sha-256=:" + base64(blob.sha256()) + ":")
        .header(
            "Content-Disposition",
            ContentDisposition.attachment()
                .filename(name, StandardCharsets.UTF_8)
                .build()
                .toString())
        .header("X-Content-Type-Options", "nosniff")
        .header("Content-Security-Policy", "sandbox; default-src 'none'");
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }
}
