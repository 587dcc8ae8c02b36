package dev.unmask.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What attackers write into fields, by the class of the attack. */
public final class Attacks {
  /** Names that lead, or look as if they led, out of a folder or to another kind of thing. */
  public static final List<String> PATHS =
      List.of(
          "../secret.txt",
          "../../../../outside/secret.txt",
          "a/../../secret.txt",
          "a/..",
          "./secret.txt",
          "..\\secret.txt",
          "a\\..\\..\\secret.txt",
          "/etc/passwd",
          "//etc/passwd",
          "a//b",
          "file:///etc/passwd",
          "file:/etc/passwd",
          "C:\\Windows\\win.ini",
          "C:/Windows/win.ini",
          "\\\\host\\share\\x",
          "http://127.0.0.1/x",
          "a#/../b",
          "a?/../b",
          "a;/../b",
          "..;/secret.txt",
          "%2e%2e%2fsecret.txt",
          "%252e%252e%252fsecret.txt",
          "..%00/secret.txt",
          "secret.txt\u0000.json",
          "a\nb",
          "a\r\nSet-Cookie: forged=1",
          "a\u007fb",
          "a\u0085b",
          "a\u2028b",
          // Characters that look like dots and slashes, or become them when they are normalised.
          "\uff0e\uff0e/secret.txt",
          "\u2024\u2024/secret.txt",
          "\u2025/secret.txt",
          "..\u2215secret.txt",
          "..\u2044secret.txt",
          "..\u29f8secret.txt",
          "..\uff0fsecret.txt",
          "..\uff3csecret.txt",
          "..\ufe68secret.txt",
          // What overlong or broken UTF-8 is decoded to.
          "\ufffd\ufffd/secret.txt",
          // Text that is shown in another direction than it is written in.
          "model\u202efdp.exe");

  /** Paths as an address may hold them without being decodable to one text. */
  public static final List<String> ENCODED_PATHS =
      List.of(
          "%c0%ae%c0%ae/secret.txt",
          "%c0%ae%c0%ae%c0%afsecret.txt",
          "..%c0%afsecret.txt",
          "%e0%80%ae%e0%80%ae/secret.txt",
          "%f0%80%80%ae./secret.txt",
          "%ff%fe/secret.txt",
          "a%80b",
          "%2e%2e/secret.txt",
          "..%2fsecret.txt",
          "..%5csecret.txt",
          "..%255csecret.txt",
          "%252e%252e/secret.txt",
          "a%00b",
          "a%0d%0aSet-Cookie:%20forged=1",
          "a%2500b");

  /** Expressions of template languages and lookups; whoever evaluates one writes 49. */
  public static final List<String> TEMPLATES =
      List.of(
          "${7*7}",
          "#{7*7}",
          "{{7*7}}",
          "*{7*7}",
          "@{7*7}",
          "%{7*7}",
          "<%= 7*7 %>",
          "${{7*7}}",
          "__${7*7}__::.x",
          "{% set x = 7*7 %}{{x}}",
          "{{''.__class__.__mro__[1].__subclasses__()}}",
          "${T(java.lang.Runtime).getRuntime().exec('id')}",
          "${jndi:ldap://127.0.0.1:9/x}",
          "$(id)",
          "`id`",
          "; id",
          "| id");

  /** Markup that a page must show as text. */
  public static final List<String> MARKUP =
      List.of(
          "<script>alert(1)</script>",
          "<img src=x onerror=alert(1)>",
          "<svg/onload=alert(1)>",
          "[x](javascript:alert(1))",
          "\"><script>alert(1)</script>");

  /** Text that a statement put together by hand would take for part of itself. */
  public static final List<String> SQL =
      List.of(
          "' OR '1'='1",
          "'; DROP TABLE runs; --",
          "\"; DROP TABLE runs; --",
          "x' UNION SELECT id FROM users --",
          "\\'; SELECT pg_sleep(0); --",
          "$$; SELECT 1; $$",
          "?::text",
          ":name",
          "%",
          "_",
          "\\");

  /** Text that storage may stumble over. */
  public static final List<String> TEXT =
      List.of(
          "a\u0000b",
          "a\r\nb",
          "\ud83d\ude00",
          "\ud800",
          "e\u0301",
          "\ufeffbom",
          "\u202eright to left",
          " ",
          "x".repeat(300_000));

  private Attacks() {}

  /** Every form there is. */
  public static List<String> all() {
    return Stream.of(PATHS, TEMPLATES, MARKUP, SQL, TEXT).flatMap(List::stream).toList();
  }

  /** The paths for an address: each byte encoded, and once more. */
  public static List<String> pathsInAddresses() {
    List<String> forms = new ArrayList<>(ENCODED_PATHS);
    for (String path : PATHS) {
      forms.add(encoded(path, "%"));
      forms.add(encoded(path, "%25"));
    }
    return forms;
  }

  private static String encoded(String text, String percent) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
      encoded.append(plain ? Character.toString((char) b) : "%s%02x".formatted(percent, b & 0xff));
    }
    return encoded.toString();
  }
}
