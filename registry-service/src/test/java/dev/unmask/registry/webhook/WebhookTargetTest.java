package dev.unmask.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.support.error.UnmaskException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTargetTest {
  private final WebhookTarget target =
      new WebhookTarget(
          new WebhookProperties(
              Set.of(443),
              Set.of("127.0.0.1:8090"),
              Duration.ofSeconds(1),
              List.of(),
              Duration.ofSeconds(1)));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hook",
        "http://1.1.1.1/hook",
        "ftp://1.1.1.1/hook",
        "file:///etc/passwd",
        "https:///hook",
        "https://1.1.1.1:8080/hook",
        "https://user:secret@1.1.1.1/hook",
        "https://1.1.1.1/hook#part",
        "https://127.0.0.1/hook",
        "https://127.0.0.1:8091/hook",
        "https://2130706433/hook",
        "https://0x7f000001/hook",
        "https://127.1/hook",
        "https://localhost/hook",
        "https://[::1]/hook",
        "https://[::ffff:127.0.0.1]/hook",
        "https://[fe80::1%25eth0]/hook",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/hook",
        "https://1.1.1.1 /hook",
        "https://1.1.1.1\\@127.0.0.1/hook",
        "https://no-such-host.invalid/hook"
      })
  void refusesWhatLeadsInwardsOrIsNotSafe(String url) {
    assertThatThrownBy(() -> target.checked(url))
        .isInstanceOf(UnmaskException.class)
        .hasMessageContaining("url ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://1.1.1.1/hook", "https://1.1.1.1:443/a?b=c", "HTTPS://1.1.1.1/"})
  void takesPublicAddresses(String url) {
    assertThat(target.checked(url)).hasToString(url);
  }

  @Test
  void takesWhatTheOperatorTrustsAndNoOtherPortOfIt() {
    assertThat(target.checked("http://127.0.0.1:8090/hook")).hasPort(8090);
    assertThatThrownBy(() -> target.checked("http://127.0.0.1:8092/hook"))
        .isInstanceOf(UnmaskException.class);
  }

  @Test
  void resolvesNothingInwardsAtTheConnectionEither() {
    assertThatThrownBy(() -> target.resolve("localhost")).isInstanceOf(UnknownHostException.class);
    assertThatThrownBy(() -> target.resolve("169.254.169.254"))
        .isInstanceOf(UnknownHostException.class);
  }
}
