package dev.unmask.support.security;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Deny by default: a handler that states neither a role nor that it is public is never called. */
final class RouteRoles implements HandlerInterceptor {

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (request.getDispatcherType() != DispatcherType.REQUEST
        || !(handler instanceof HandlerMethod method)
        || isFrameworks(method)
        || isPublic(method)) {
      return true;
    }
    Role needed = required(method);
    if (needed == null) {
      throw new UnmaskException(ErrorCode.FORBIDDEN, "this route states no role");
    }
    check(needed);
    return true;
  }

  /** What lacks a statement, for the refusal to start. */
  static List<String> undeclared(Iterable<HandlerMethod> handlers) {
    var missing = new java.util.ArrayList<String>();
    for (HandlerMethod handler : handlers) {
      if (!isFrameworks(handler) && !isPublic(handler) && required(handler) == null) {
        missing.add(handler.getShortLogMessage());
      }
    }
    return missing;
  }

  private static void check(Role needed) {
    if (!(SecurityContextHolder.getContext().getAuthentication()
        instanceof JwtAuthenticationToken token)) {
      throw new UnmaskException(
          ErrorCode.UNAUTHENTICATED,
          "this route needs a token: send Authorization: Bearer with an API token");
    }
    Role role = Role.of(String.valueOf(token.getToken().getClaimAsString("role")));
    if (!role.covers(needed)) {
      throw new UnmaskException(
          ErrorCode.FORBIDDEN,
          "this needs the role " + needed.wireName() + ", the token has " + role.wireName());
    }
  }

  private static boolean isFrameworks(HandlerMethod handler) {
    return !handler.getBeanType().getName().startsWith("dev.unmask.");
  }

  private static boolean isPublic(HandlerMethod handler) {
    return AnnotatedElementUtils.hasAnnotation(handler.getMethod(), PublicRoute.class)
        || (required(handler.getMethod()) == null
            && AnnotatedElementUtils.hasAnnotation(handler.getBeanType(), PublicRoute.class));
  }

  private static @Nullable Role required(HandlerMethod handler) {
    Role own = required(handler.getMethod());
    return own != null ? own : required(handler.getBeanType());
  }

  private static @Nullable Role required(java.lang.reflect.AnnotatedElement element) {
    RequiresRole stated = AnnotatedElementUtils.findMergedAnnotation(element, RequiresRole.class);
    return stated == null ? null : stated.value();
  }
}
