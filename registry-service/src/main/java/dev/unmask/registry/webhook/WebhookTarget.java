package dev.unmask.registry.webhook;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Which addresses messages may go to. A name is judged by what it resolves to, when the webhook is
 * made and again at every connection, which then goes to the very address that was judged: a name
 * that changes its mind in between leads nowhere.
 */
@Component
class WebhookTarget {
  private static final int LONGEST = 2_000;

  private final WebhookProperties properties;

  WebhookTarget(WebhookProperties properties) {
    this.properties = properties;
  }

  /**
   * @throws UnmaskException naming what of the address is not allowed
   */
  URI checked(String url) {
    if (url.length() > LONGEST) {
      throw refused("must have at most " + LONGEST + " characters");
    }
    URI target = parse(url);
    fault(target)
        .ifPresent(
            fault -> {
              throw refused(fault);
            });
    if (!isTrusted(target)) {
      try {
        publicAddresses(target.getHost());
      } catch (UnknownHostException unknown) {
        throw refused("its host is not known or not on the public internet");
      }
    }
    return target;
  }

  private static URI parse(String url) {
    try {
      return new URI(url).parseServerAuthority();
    } catch (URISyntaxException malformed) {
      throw refused("must be an address such as https://example.org/hook");
    }
  }

  private Optional<String> fault(URI target) {
    if (target.getHost() == null || target.getScheme() == null) {
      return Optional.of("must be an address such as https://example.org/hook");
    }
    if (target.getUserInfo() != null || target.getFragment() != null) {
      return Optional.of("must have no user, password or fragment");
    }
    String scheme = target.getScheme().toLowerCase(Locale.ROOT);
    if (isTrusted(target)) {
      return scheme.equals("https") || scheme.equals("http")
          ? Optional.empty()
          : Optional.of("must begin with https://");
    }
    if (!scheme.equals("https")) {
      return Optional.of("must begin with https://");
    }
    return properties.ports().contains(port(target))
        ? Optional.empty()
        : Optional.of("must use one of the ports " + properties.ports());
  }

  private boolean isTrusted(URI target) {
    return properties
        .trustedTargets()
        .contains(target.getHost().toLowerCase(Locale.ROOT) + ":" + port(target));
  }

  private static int port(URI target) {
    if (target.getPort() >= 0) {
      return target.getPort();
    }
    return "http".equalsIgnoreCase(target.getScheme()) ? 80 : 443;
  }

  /**
   * The addresses of a host that a connection may go to; its whole address was checked before.
   *
   * @throws UnknownHostException also when one of its addresses is not public and the host is not
   *     trusted
   */
  InetAddress[] resolve(String host) throws UnknownHostException {
    boolean trusted =
        properties.trustedTargets().stream()
            .anyMatch(target -> target.startsWith(host.toLowerCase(Locale.ROOT) + ":"));
    return trusted ? InetAddress.getAllByName(host) : publicAddresses(host);
  }

  /** A name that mixes public addresses with others is up to no good. */
  private static InetAddress[] publicAddresses(String host) throws UnknownHostException {
    InetAddress[] all = InetAddress.getAllByName(host);
    if (!Arrays.stream(all).allMatch(PublicAddresses::isPublic)) {
      throw new UnknownHostException("not on the public internet");
    }
    return all;
  }

  private static UnmaskException refused(String why) {
    return UnmaskException.ofField(ErrorCode.INVALID_REQUEST, "url", why);
  }
}
