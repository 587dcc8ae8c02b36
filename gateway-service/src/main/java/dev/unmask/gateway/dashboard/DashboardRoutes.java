package dev.unmask.gateway.dashboard;

import static org.springframework.web.reactive.function.server.RequestPredicates.GET;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The dashboard: one page and its modules, public because they hold no data. Pages inside are
 * addressed by the fragment, so nothing else has to be served for a bookmarked one.
 */
@Configuration(proxyBeanMethods = false)
class DashboardRoutes {
  /** Not under static/: the other services on a shared class path would serve it, too. */
  private static final String FILES = "dev/unmask/gateway/dashboard/ui/";

  @Bean
  RouterFunction<ServerResponse> dashboardPage() {
    byte[] page = read("index.html");
    String policy = ContentPolicy.of(new String(page, StandardCharsets.UTF_8));
    return RouterFunctions.route(
        GET("/"),
        request ->
            ServerResponse.ok()
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .cacheControl(CacheControl.noCache())
                .header("Content-Security-Policy", policy)
                .bodyValue(page));
  }

  @Bean
  RouterFunction<ServerResponse> dashboardFiles() {
    return files("/app/**", "app/").and(files("/libraries/**", "libraries/"));
  }

  private static RouterFunction<ServerResponse> files(String pattern, String folder) {
    return RouterFunctions.resources(
        pattern, new ClassPathResource(FILES + folder), DashboardRoutes::revalidate);
  }

  /** Asked again after a minute, answered 304: an upgraded suite shows at once. */
  private static void revalidate(Resource file, HttpHeaders headers) {
    headers.setCacheControl(CacheControl.maxAge(Duration.ofMinutes(1)).mustRevalidate());
  }

  private static byte[] read(String name) {
    try (InputStream in = new ClassPathResource(FILES + name).getInputStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(
          "the dashboard's " + name + " is missing from the gateway's jar", e);
    }
  }
}
