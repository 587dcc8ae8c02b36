package dev.unmask.inference.openai;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param heartbeat pause after which a silent stream gets a comment line; a client that has gone is
 *     noticed within about two of them
 */
@Validated
@ConfigurationProperties("unmask.inference.stream")
record StreamProperties(@DefaultValue("1s") Duration heartbeat) {}
