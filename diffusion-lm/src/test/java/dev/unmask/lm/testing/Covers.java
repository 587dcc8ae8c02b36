package dev.unmask.lm.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which parts of which method the tests of a class show to work. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Covers.All.class)
public @interface Covers {
  /** Name of the method, as in the table of methods. */
  String method();

  Part[] parts();

  /** What a method can do; the columns of the table. */
  enum Part {
    TRAIN,
    SCORE,
    SAMPLE,
    LOAD
  }

  /** Several of them. */
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @interface All {
    Covers[] value();
  }
}
