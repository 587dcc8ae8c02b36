package dev.unmask.registry.model;

import jakarta.validation.constraints.NotEmpty;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param acceptedKinds files that a version may hold: endings without the dot, and whole names of
 *     files such as {@code mlmodel}; in lower case
 */
@Validated
@ConfigurationProperties("unmask.registry.models")
record ModelProperties(
    @DefaultValue({
          "safetensors",
          "json",
          "txt",
          "md",
          "jinja",
          "yaml",
          "yml",
          "mlmodel",
          "tokenizer.model"
        })
        @NotEmpty
        Set<String> acceptedKinds) {}
