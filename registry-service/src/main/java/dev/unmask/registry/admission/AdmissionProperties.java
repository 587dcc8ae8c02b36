package dev.unmask.registry.admission;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What the registry handles at once. The server needs threads for all of it, and some more to say
 * no with.
 *
 * @param requests requests handled at once, transfers of files not counted
 * @param transfers transfers of files at once
 * @param waiting requests that wait for others to end, and transfers likewise; more are answered
 *     503 at once
 * @param longestWait after this long a waiting request is answered 503
 */
@Validated
@ConfigurationProperties("unmask.registry.admission")
record AdmissionProperties(
    @DefaultValue("128") @Min(1) int requests,
    @DefaultValue("32") @Min(1) int transfers,
    @DefaultValue("32") @Min(0) int waiting,
    @DefaultValue("2s") @NotNull Duration longestWait) {}
