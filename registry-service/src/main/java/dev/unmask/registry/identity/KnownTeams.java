package dev.unmask.registry.identity;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.Role;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Refuses calls of the service account for teams that don't exist. Teams are never removed, so one
 * that was found is not looked up again.
 */
@Component
class KnownTeams implements WebMvcConfigurer, HandlerInterceptor {
  /** After the check of the route's role. */
  private static final int ORDER = 10;

  private final TeamRepository teams;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  KnownTeams(TeamRepository teams) {
    this.teams = teams;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this).order(ORDER);
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    String team = request.getHeader(Caller.TEAM_HEADER);
    if (request.getDispatcherType() == DispatcherType.REQUEST
        && team != null
        && !team.isBlank()
        && isServiceAccount()) {
      check(team);
    }
    return true;
  }

  private void check(String team) {
    if (known.contains(team)) {
      return;
    }
    if (!teams.existsById(team)) {
      throw new UnmaskException(
          ErrorCode.TEAM_UNKNOWN,
          Caller.TEAM_HEADER + ": there is no team with the id '" + team + "'");
    }
    known.add(team);
  }

  private static boolean isServiceAccount() {
    return SecurityContextHolder.getContext().getAuthentication()
            instanceof JwtAuthenticationToken token
        && Role.SERVICE.wireName().equals(token.getToken().getClaimAsString("role"));
  }
}
