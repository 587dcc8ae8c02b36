package dev.unmask.training;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param dataDirectory texts of corpora, working files and checkpoints of jobs; workers of one
 *     database share it
 */
@Validated
@ConfigurationProperties("unmask.training")
public record TrainingProperties(@DefaultValue("data/training") @NotNull Path dataDirectory) {}
