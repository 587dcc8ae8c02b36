package dev.unmask.inference.engine;

import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import org.jspecify.annotations.Nullable;

/**
 * What the engine is asked to decode.
 *
 * @param team whose request it is: places are shared fairly between teams
 * @param requestId for the logs
 * @param canvas what is given and what is to be filled
 * @param sequence tells several answers to one canvas apart
 * @param listener hears what becomes of it
 */
public record EngineRequest(
    String team,
    @Nullable String requestId,
    LanguageModel model,
    Canvas canvas,
    DecodeSettings settings,
    long sequence,
    GenerationListener listener) {}
