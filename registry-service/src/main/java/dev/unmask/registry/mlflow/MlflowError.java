package dev.unmask.registry.mlflow;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The protocol's envelope of failures. */
record MlflowError(@JsonProperty("error_code") String errorCode, String message) {}
