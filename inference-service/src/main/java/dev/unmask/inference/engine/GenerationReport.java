package dev.unmask.inference.engine;

import dev.unmask.lm.decoding.DecodeReport;
import dev.unmask.lm.decoding.FinishReason;
import java.time.Duration;

/**
 * What a finished request took.
 *
 * @param reason why the answer ended
 * @param tokens tokens of the answer
 * @param decoding counts of the decoder
 * @param steps denoising steps
 * @param queued from acceptance to the first denoising step
 * @param running from the first denoising step to the last, other requests' turns included
 */
public record GenerationReport(
    FinishReason reason,
    int tokens,
    DecodeReport decoding,
    int steps,
    Duration queued,
    Duration running) {}
