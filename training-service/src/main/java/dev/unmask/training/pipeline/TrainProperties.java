package dev.unmask.training.pipeline;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param validateEveryCheckpoints validation loss at every so many checkpoints
 * @param validationSequences sequences of such a validation
 * @param finalValidationSequences sequences of the evaluate step
 */
@Validated
@ConfigurationProperties("unmask.training.train")
record TrainProperties(
    @DefaultValue("4") @Min(1) int validateEveryCheckpoints,
    @DefaultValue("32") @Min(1) int validationSequences,
    @DefaultValue("256") @Min(1) int finalValidationSequences) {}
