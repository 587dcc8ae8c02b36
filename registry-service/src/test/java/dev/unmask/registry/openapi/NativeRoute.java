package dev.unmask.registry.openapi;

import dev.unmask.registry.RegistryServer;
import dev.unmask.support.security.PublicRoute;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.http.MediaType;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * A route of the native API.
 *
 * @param method in lower case
 * @param produces media types that it names, empty where it names none
 * @param contract the method of the API's interface that describes it, null where it is streamed
 */
record NativeRoute(
    String method,
    String path,
    HandlerMethod handler,
    Set<MediaType> produces,
    @Nullable Method contract) {

  /** All that the registry serves, by path and method. */
  static List<NativeRoute> of(RegistryServer registry) {
    Map<String, Method> contracts = contracts();
    List<NativeRoute> routes = new ArrayList<>();
    for (var mapping : registry.beans(RequestMappingInfoHandlerMapping.class)) {
      mapping.getHandlerMethods().forEach((info, handler) -> add(routes, info, handler, contracts));
    }
    routes.sort(
        Comparator.comparing(NativeRoute::path)
            .thenComparing(NativeRoute::method)
            .thenComparing(route -> route.handler().getMethod().getName()));
    return routes;
  }

  private static void add(
      List<NativeRoute> routes,
      RequestMappingInfo info,
      HandlerMethod handler,
      Map<String, Method> contracts) {
    for (String path : info.getPatternValues()) {
      if (!path.startsWith("/api/v1/")) {
        continue;
      }
      for (RequestMethod method : info.getMethodsCondition().getMethods()) {
        routes.add(
            new NativeRoute(
                method.name().toLowerCase(Locale.ROOT),
                path,
                handler,
                info.getProducesCondition().getProducibleMediaTypes(),
                contracts.get(key(method.name(), path))));
      }
    }
  }

  /** The role that a caller needs, null where no token is needed. */
  @Nullable Role role() {
    Role own = role(handler.getMethod());
    if (own != null || handler.hasMethodAnnotation(PublicRoute.class)) {
      return own;
    }
    return role(handler.getBeanType());
  }

  private static @Nullable Role role(java.lang.reflect.AnnotatedElement element) {
    RequiresRole stated = AnnotatedElementUtils.findMergedAnnotation(element, RequiresRole.class);
    return stated == null ? null : stated.value();
  }

  /** The package that serves it. */
  String feature() {
    String name = handler.getBeanType().getPackageName();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  @Override
  public String toString() {
    return method.toUpperCase(Locale.ROOT) + " " + path;
  }

  private static Map<String, Method> contracts() {
    var scanner =
        new ClassPathScanningCandidateComponentProvider(false) {
          @Override
          protected boolean isCandidateComponent(
              org.springframework.beans.factory.annotation.AnnotatedBeanDefinition definition) {
            return definition.getMetadata().isInterface();
          }
        };
    scanner.addIncludeFilter(new AnnotationTypeFilter(HttpExchange.class, true, true));
    Map<String, Method> contracts = new HashMap<>();
    for (BeanDefinition found : scanner.findCandidateComponents("dev.unmask.registry.api")) {
      Class<?> type = ClassUtils.resolveClassName(String.valueOf(found.getBeanClassName()), null);
      HttpExchange prefix = AnnotatedElementUtils.findMergedAnnotation(type, HttpExchange.class);
      for (Method method : type.getMethods()) {
        HttpExchange exchange =
            AnnotatedElementUtils.findMergedAnnotation(method, HttpExchange.class);
        if (exchange != null) {
          contracts.put(
              key(exchange.method(), (prefix == null ? "" : prefix.url()) + exchange.url()),
              method);
        }
      }
    }
    return contracts;
  }

  /** Controllers and contracts may give a variable of the path different names. */
  private static String key(String method, String path) {
    return method + " " + path.replaceAll("\\{[^}]*}", "{}");
  }

  /** The media types as texts. */
  List<String> produced() {
    return produces.stream().map(MediaType::toString).sorted().collect(Collectors.toList());
  }
}
