package dev.unmask.registry.mlflow;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param maxBody largest JSON body
 */
@ConfigurationProperties("unmask.registry.mlflow")
record MlflowProperties(@DefaultValue("1000000B") DataSize maxBody) {}
