package dev.unmask.inference;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param maxBodySize longest request body; a longer one answers 413
 */
@ConfigurationProperties("unmask.inference.http")
record BodyProperties(@DefaultValue("2MB") DataSize maxBodySize) {}
