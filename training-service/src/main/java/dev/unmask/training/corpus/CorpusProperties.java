package dev.unmask.training.corpus;

import jakarta.validation.constraints.NotNull;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * @param maxSize largest text of one corpus
 */
@Validated
@ConfigurationProperties("unmask.training.corpus")
record CorpusProperties(@DefaultValue("1GB") @NotNull DataSize maxSize) {}
