package dev.unmask.gateway.session;

/**
 * The token of a request.
 *
 * @param byCookie whether the browser added it by itself; then a request that changes something
 *     must prove that it comes from the dashboard
 */
public record PresentedToken(ApiToken token, boolean byCookie) {}
