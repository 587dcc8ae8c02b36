package dev.unmask.registry.run;

import java.util.random.RandomGenerator;

/** Names for what comes without one: easy to say, good enough to tell runs and models apart. */
public final class RunNames {
  private static final String[] MANNERS = {
    "amber", "brisk", "calm", "clear", "curious", "eager", "gentle", "keen", "lively", "lucid",
    "mellow", "nimble", "patient", "quiet", "rapid", "serene", "steady", "sunny", "tidy", "vivid"
  };
  private static final String[] ANIMALS = {
    "badger", "crane", "dolphin", "egret", "falcon", "gecko", "heron", "ibex", "jackal", "koala",
    "lynx", "marten", "newt", "otter", "puffin", "quail", "raven", "stoat", "tern", "wren"
  };

  private RunNames() {}

  public static String random(RandomGenerator random) {
    return MANNERS[random.nextInt(MANNERS.length)]
        + "-"
        + ANIMALS[random.nextInt(ANIMALS.length)]
        + "-"
        + random.nextInt(100, 1000);
  }
}
