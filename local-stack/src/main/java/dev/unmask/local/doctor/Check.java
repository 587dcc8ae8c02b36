package dev.unmask.local.doctor;

/**
 * One thing about the machine.
 *
 * @param remedy what to do; empty when nothing has to be done
 */
public record Check(Verdict verdict, String subject, String found, String remedy) {
  /** WARN runs, but slower or differently than usual; FAIL does not run. */
  public enum Verdict {
    OK,
    WARN,
    FAIL
  }

  static Check ok(String subject, String found) {
    return new Check(Verdict.OK, subject, found, "");
  }

  static Check warn(String subject, String found, String remedy) {
    return new Check(Verdict.WARN, subject, found, remedy);
  }

  static Check fail(String subject, String found, String remedy) {
    return new Check(Verdict.FAIL, subject, found, remedy);
  }
}
