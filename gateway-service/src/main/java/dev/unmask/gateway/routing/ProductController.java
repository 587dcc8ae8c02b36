package dev.unmask.gateway.routing;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The two routes every MLflow server has beside its API. */
@RestController
class ProductController {
  private final String version = readVersion();

  @GetMapping("/health")
  ResponseEntity<String> health() {
    return text("OK");
  }

  /**
   * The product's own version. MLflow's clients send traces by OTLP to servers that say 3.4 or
   * later, so this must stay below as long as nothing takes them.
   */
  @GetMapping("/version")
  ResponseEntity<String> version() {
    return text(version);
  }

  private static ResponseEntity<String> text(String body) {
    return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body(body);
  }

  private static String readVersion() {
    Properties product = new Properties();
    try (InputStream in =
        ProductController.class.getResourceAsStream("/dev/unmask/gateway/product.properties")) {
      if (in == null) {
        throw new IllegalStateException("product.properties is missing from the gateway's jar");
      }
      product.load(in);
    } catch (IOException e) {
      throw new IllegalStateException("product.properties cannot be read", e);
    }
    return product.getProperty("version", "0.0.0");
  }
}
