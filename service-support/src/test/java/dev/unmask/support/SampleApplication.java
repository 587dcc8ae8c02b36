package dev.unmask.support;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.PublicRoute;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import dev.unmask.support.security.ServiceSecurity;
import dev.unmask.testing.TestTokens;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.time.Duration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The smallest service: routes of each kind, to test what surrounds them. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(SampleApplication.Routes.class)
class SampleApplication {

  @Bean
  JwtDecoder jwtDecoder() {
    return ServiceSecurity.decoder(TestTokens.keys());
  }

  record Order(@NotBlank String name, @Max(4) int count) {}

  @RestController
  @RequiresRole(Role.MEMBER)
  static class Routes {
    @GetMapping("/team")
    String team(Caller caller) {
      return caller.teamId();
    }

    @PostMapping("/orders")
    Order order(@Valid @RequestBody Order order) {
      return order;
    }

    @GetMapping("/busy")
    String busy() {
      throw UnmaskException.retryLater(
          ErrorCode.QUEUE_FULL, "the queue holds 4 jobs", Duration.ofSeconds(7));
    }

    @GetMapping("/broken")
    String broken() {
      throw new IllegalStateException("secret of the database");
    }

    @GetMapping("/cut")
    void cut(HttpServletResponse response) throws IOException {
      response.getOutputStream().print("half of");
      response.flushBuffer();
      throw new IllegalStateException("secret of the database");
    }

    @RequiresRole(Role.ADMIN)
    @GetMapping("/admin")
    String admin() {
      return "ok";
    }

    @PublicRoute
    @GetMapping("/open")
    String open() {
      return "ok";
    }
  }
}
