package dev.unmask.system;

import java.io.Serializable;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Calls the methods that it is given as references, and notes which they are. So what a test has
 * called is known by its calls, overloads apart, and not by a list that is kept beside them.
 */
final class CallRecorder {
  private final SortedSet<String> called = new TreeSet<>();

  /**
   * How a method or constructor is spelled here: {@code Type.method(Parameter)}, {@code
   * Type.new()}.
   */
  static String signature(String type, String method, List<Class<?>> parameters) {
    return type
        + "."
        + method
        + parameters.stream().map(Class::getSimpleName).collect(Collectors.joining(", ", "(", ")"));
  }

  /** Every method and constructor that was called. */
  SortedSet<String> called() {
    return Collections.unmodifiableSortedSet(called);
  }

  <R> R get(Get0<R> method) {
    note(method);
    return method.call();
  }

  <A, R> R get(Get1<A, R> method, A a) {
    note(method);
    return method.call(a);
  }

  <A, B, R> R get(Get2<A, B, R> method, A a, B b) {
    note(method);
    return method.call(a, b);
  }

  <A, B, C, R> R get(Get3<A, B, C, R> method, A a, B b, C c) {
    note(method);
    return method.call(a, b, c);
  }

  <A, B, C, D, R> R get(Get4<A, B, C, D, R> method, A a, B b, C c, D d) {
    note(method);
    return method.call(a, b, c, d);
  }

  <A, B, C, D, E, R> R get(Get5<A, B, C, D, E, R> method, A a, B b, C c, D d, E e) {
    note(method);
    return method.call(a, b, c, d, e);
  }

  <A, B, C, D, E, F, R> R get(Get6<A, B, C, D, E, F, R> method, A a, B b, C c, D d, E e, F f) {
    note(method);
    return method.call(a, b, c, d, e, f);
  }

  void run(Run0 method) {
    note(method);
    method.call();
  }

  <A> void run(Run1<A> method, A a) {
    note(method);
    method.call(a);
  }

  <A, B> void run(Run2<A, B> method, A a, B b) {
    note(method);
    method.call(a, b);
  }

  <A, B, C> void run(Run3<A, B, C> method, A a, B b, C c) {
    note(method);
    method.call(a, b, c);
  }

  <A, B, C, D> void run(Run4<A, B, C, D> method, A a, B b, C c, D d) {
    note(method);
    method.call(a, b, c, d);
  }

  <A, B, C, D, E> void run(Run5<A, B, C, D, E> method, A a, B b, C c, D d, E e) {
    note(method);
    method.call(a, b, c, d, e);
  }

  private void note(Serializable reference) {
    SerializedLambda named = serialized(reference);
    if (named.getImplMethodName().startsWith("lambda$")) {
      throw new IllegalArgumentException("a lambda names no method, give a method reference");
    }
    String type = named.getImplClass();
    String name = named.getImplMethodName();
    called.add(
        signature(
            type.substring(type.lastIndexOf('/') + 1),
            name.equals("<init>") ? "new" : name,
            MethodType.fromMethodDescriptorString(
                    named.getImplMethodSignature(), CallRecorder.class.getClassLoader())
                .parameterList()));
  }

  /** What a serialised reference says of itself; there is no other way to ask it. */
  private static SerializedLambda serialized(Serializable reference) {
    try {
      Method replacement = reference.getClass().getDeclaredMethod("writeReplace");
      replacement.setAccessible(true);
      return (SerializedLambda) replacement.invoke(reference);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("no method reference: " + reference, e);
    }
  }

  interface Get0<R> extends Serializable {
    R call();
  }

  interface Get1<A, R> extends Serializable {
    R call(A a);
  }

  interface Get2<A, B, R> extends Serializable {
    R call(A a, B b);
  }

  interface Get3<A, B, C, R> extends Serializable {
    R call(A a, B b, C c);
  }

  interface Get4<A, B, C, D, R> extends Serializable {
    R call(A a, B b, C c, D d);
  }

  interface Get5<A, B, C, D, E, R> extends Serializable {
    R call(A a, B b, C c, D d, E e);
  }

  interface Get6<A, B, C, D, E, F, R> extends Serializable {
    R call(A a, B b, C c, D d, E e, F f);
  }

  interface Run0 extends Serializable {
    void call();
  }

  interface Run1<A> extends Serializable {
    void call(A a);
  }

  interface Run2<A, B> extends Serializable {
    void call(A a, B b);
  }

  interface Run3<A, B, C> extends Serializable {
    void call(A a, B b, C c);
  }

  interface Run4<A, B, C, D> extends Serializable {
    void call(A a, B b, C c, D d);
  }

  interface Run5<A, B, C, D, E> extends Serializable {
    void call(A a, B b, C c, D d, E e);
  }
}
