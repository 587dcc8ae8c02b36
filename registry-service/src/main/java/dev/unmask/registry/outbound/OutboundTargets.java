package dev.unmask.registry.outbound;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which addresses that callers name may be connected to. A name is judged by what it resolves to,
 * when it is given and again at every connection, which then goes to the very address that was
 * judged: a name that changes its mind in between leads nowhere.
 */
public class OutboundTargets {
  private static final int LONGEST = 2_000;

  private final Set<Integer> ports;
  private final Set<String> trusted;

  /**
   * @param ports of public addresses that may be connected to
   * @param trusted {@code host:port} of addresses inside the own network that may be, too, also by
   *     http
   */
  public OutboundTargets(Set<Integer> ports, Set<String> trusted) {
    this.ports = Set.copyOf(ports);
    this.trusted = Set.copyOf(trusted);
  }

  /**
   * @throws UnmaskException naming what of the address, a field {@code url}, is not allowed
   */
  public URI checked(String url) {
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
    return ports.contains(port(target))
        ? Optional.empty()
        : Optional.of("must use one of the ports " + ports);
  }

  private boolean isTrusted(URI target) {
    return trusted.contains(target.getHost().toLowerCase(Locale.ROOT) + ":" + port(target));
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
  public InetAddress[] resolve(String host) throws UnknownHostException {
    boolean isTrusted =
        trusted.stream().anyMatch(target -> target.startsWith(host.toLowerCase(Locale.ROOT) + ":"));
    return isTrusted ? InetAddress.getAllByName(host) : publicAddresses(host);
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
