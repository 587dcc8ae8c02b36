package dev.unmask.registry.access;

import dev.unmask.registry.RegistryServer;
import dev.unmask.support.security.PublicRoute;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** Every route of the running registry, the management endpoints' among them. */
final class ServedRoutes {

  private ServedRoutes() {}

  /** Method and pattern of each route, with the line that a table lacking it needs. */
  static SortedMap<String, String> of(RegistryServer registry) {
    SortedMap<String, String> served = new TreeMap<>();
    registry
        .beans(RequestMappingInfoHandlerMapping.class)
        .forEach(mapping -> mapping.getHandlerMethods().forEach((info, h) -> add(served, info, h)));
    return served;
  }

  private static void add(
      Map<String, String> served, RequestMappingInfo info, HandlerMethod handler) {
    for (String pattern : info.getPatternValues()) {
      var methods = info.getMethodsCondition().getMethods();
      if (methods.isEmpty()) {
        served.put("ANY " + pattern, line("ANY", pattern, handler));
      }
      methods.forEach(
          method -> served.put(method + " " + pattern, line(method.name(), pattern, handler)));
    }
  }

  private static String line(String method, String pattern, HandlerMethod handler) {
    StringBuilder line = new StringBuilder(method).append('\t').append(pattern);
    line.append(pattern.startsWith("/api/") || pattern.startsWith("/ajax-api/") ? "\tyes" : "\tno");
    Role needed = required(handler);
    boolean open =
        needed == null
            && (AnnotatedElementUtils.hasAnnotation(handler.getMethod(), PublicRoute.class)
                || AnnotatedElementUtils.hasAnnotation(handler.getBeanType(), PublicRoute.class));
    line.append(open ? "\t2xx" : "\t401");
    line.append(open || needed == Role.SHARED ? "\t2xx" : "\t403");
    line.append(open ? "\t2xx" : pattern.contains("{") ? "\t404" : "\t?");
    for (Role role : new Role[] {Role.VIEWER, Role.MEMBER, Role.MAINTAINER, Role.ADMIN}) {
      line.append(needed == null || role.covers(needed) ? "\t2xx" : "\t403");
    }
    return line.append("\t<request>").toString();
  }

  private static @Nullable Role required(HandlerMethod handler) {
    RequiresRole stated =
        AnnotatedElementUtils.findMergedAnnotation(handler.getMethod(), RequiresRole.class);
    if (stated == null
        && !AnnotatedElementUtils.hasAnnotation(handler.getMethod(), PublicRoute.class)) {
      stated =
          AnnotatedElementUtils.findMergedAnnotation(handler.getBeanType(), RequiresRole.class);
    }
    return stated == null ? null : stated.value();
  }
}
