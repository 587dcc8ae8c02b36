package dev.unmask.gateway.session;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param url where registry-service answers
 */
@ConfigurationProperties("unmask.registry")
record RegistryProperties(@DefaultValue("http://127.0.0.1:8081") URI url) {}
