package dev.unmask.lm.family;

/**
 * Size of a fresh network.
 *
 * @param tokens of the tokenizer, the mask token not counted; its id is the one behind them
 * @param width D, an even multiple of the heads
 * @param feedForward inner width of the feed-forward network
 * @param contextLength tokens of a sequence at most
 */
public record NetworkSize(
    int tokens, int layers, int width, int heads, int feedForward, int contextLength) {}
