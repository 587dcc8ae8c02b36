package dev.unmask.registry.mlflow;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param maxBody largest JSON body
 * @param maxInputsBody largest JSON body of {@code runs/log-inputs}, which carries schemas and
 *     profiles of data sets
 */
@ConfigurationProperties("unmask.registry.mlflow")
record MlflowProperties(
    @DefaultValue("1000000B") DataSize maxBody, @DefaultValue("4MB") DataSize maxInputsBody) {}
