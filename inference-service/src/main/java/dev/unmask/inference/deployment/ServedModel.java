package dev.unmask.inference.deployment;

import dev.unmask.inference.engine.LanguageModel;

/** A READY deployment and its model in memory. */
public record ServedModel(Deployment deployment, LanguageModel model) {}
