package dev.unmask.registry.imports;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls of one MLflow server. What it answers is a stranger's: bounded, and never followed. */
final class SourceServer implements AutoCloseable {
  private static final String API = "/api/2.0/mlflow/";
  private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts/";
  private static final int MOST_BYTES = 64 << 20;
  private static final int MESSAGE = 300;

  private final CloseableHttpClient http;
  private final String base;
  private final @Nullable String authorization;
  private final JsonMapper json;

  /**
   * @param base checked, without a slash at its end
   */
  SourceServer(
      CloseableHttpClient http, URI base, @Nullable String authorization, JsonMapper json) {
    this.http = http;
    this.base = base.toString();
    this.authorization = authorization;
    this.json = json;
  }

  JsonNode get(String call, Map<String, String> query) {
    UriComponentsBuilder uri = UriComponentsBuilder.fromUriString(base + API + call);
    query.keySet().stream().sorted().forEach(name -> uri.queryParam(name, "{" + name + "}"));
    return ask(new HttpGet(uri.encode().buildAndExpand(query).toUri()));
  }

  JsonNode post(String call, Object body) {
    HttpPost post = new HttpPost(URI.create(base + API + call));
    post.setEntity(
        new StringEntity(
            json.writeValueAsString(body),
            ContentType.create("application/json", StandardCharsets.UTF_8)));
    return ask(post);
  }

  /**
   * Reads one file by the server's proxy.
   *
   * @param path below the root of its files
   */
  void download(String path, Sink sink) {
    HttpGet get = new HttpGet(URI.create(base + FILES + UriUtils.encodePath(path, "UTF-8")));
    call(
        get,
        (response, body) -> {
          sink.accept(body);
          return json.nullNode();
        });
  }

  /** Takes a file's bytes. */
  @FunctionalInterface
  interface Sink {
    void accept(InputStream bytes) throws IOException;
  }

  @FunctionalInterface
  private interface Reader {
    JsonNode read(ClassicHttpResponse response, InputStream body) throws IOException;
  }

  private JsonNode ask(HttpUriRequestBase request) {
    return call(
        request,
        (response, body) -> {
          byte[] bytes = body.readNBytes(MOST_BYTES + 1);
          if (bytes.length > MOST_BYTES) {
            throw new SourceFault.NotToBeHad("the server's answer is too long");
          }
          try {
            return json.readTree(bytes);
          } catch (JacksonException broken) {
            throw new SourceFault.NotToBeHad("the server answers no JSON: is it an MLflow server?");
          }
        });
  }

  private JsonNode call(HttpUriRequestBase request, Reader reader) {
    if (authorization != null) {
      request.setHeader("Authorization", authorization);
    }
    try {
      return http.execute(
          request,
          response -> {
            HttpEntity entity = response.getEntity();
            InputStream body = entity == null ? InputStream.nullInputStream() : entity.getContent();
            if (response.getCode() != 200) {
              throw fault(response.getCode(), body.readNBytes(10_000));
            }
            return reader.read(response, body);
          });
    } catch (IOException | UncheckedIOException away) {
      throw new SourceFault.Away(
          "the server is not reachable or breaks off: " + away.getClass().getSimpleName());
    }
  }

  private SourceFault fault(int status, byte[] body) {
    String told = "the server answers " + status + message(body);
    return switch (status) {
      case 401, 403 -> new SourceFault.Refused(told);
      case 408, 429, 502, 503, 504 -> new SourceFault.Away(told);
      default ->
          new SourceFault.NotToBeHad(
              status / 100 == 3 ? told + ", and redirects are not followed" : told);
    };
  }

  /** What an MLflow server says, as far as it is harmless. */
  private String message(byte[] body) {
    try {
      String text = json.readTree(body).path("message").asString("").replaceAll("\\p{Cc}", " ");
      return text.isEmpty()
          ? ""
          : ": " + (text.length() > MESSAGE ? text.substring(0, MESSAGE) : text);
    } catch (JacksonException noJson) {
      return "";
    }
  }

  @Override
  public void close() {
    try {
      http.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
