package dev.unmask.registry.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Tells addresses of the public internet from all others (RFC 6890 and its registries). */
final class PublicAddresses {
  private record Block(int first, int bits) {
    boolean holds(int address) {
      return (address ^ first) >>> (32 - bits) == 0;
    }

    static Block of(int a, int b, int c, int bits) {
      return new Block(a << 24 | b << 16 | c << 8, bits);
    }
  }

  private static final Block[] SPECIAL = {
    Block.of(0, 0, 0, 8),
    Block.of(10, 0, 0, 8),
    Block.of(100, 64, 0, 10),
    Block.of(127, 0, 0, 8),
    Block.of(169, 254, 0, 16),
    Block.of(172, 16, 0, 12),
    Block.of(192, 0, 0, 24),
    Block.of(192, 0, 2, 24),
    Block.of(192, 88, 99, 24),
    Block.of(192, 168, 0, 16),
    Block.of(198, 18, 0, 15),
    Block.of(198, 51, 100, 24),
    Block.of(203, 0, 113, 24),
    Block.of(224, 0, 0, 3)
  };

  private PublicAddresses() {}

  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(bytes, 0) : isPublic6(bytes);
  }

  private static boolean isPublic4(byte[] bytes, int at) {
    int address = 0;
    for (int i = 0; i < 4; i++) {
      address = address << 8 | bytes[at + i] & 0xff;
    }
    for (Block block : SPECIAL) {
      if (block.holds(address)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Global unicast (2000::/3) alone, without what tunnels to version 4 (Teredo and 6to4) or is for
   * documentation. Mapped and translated version 4 addresses lie outside of it.
   */
  private static boolean isPublic6(byte[] bytes) {
    int first = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
    int second = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
    boolean global = first >>> 13 == 1;
    boolean protocols = first == 0x2001 && second < 0x0200;
    boolean documentation = first == 0x2001 && second == 0x0db8 || first >>> 4 == 0x3ff;
    return global && !protocols && !documentation && first != 0x2002;
  }
}
