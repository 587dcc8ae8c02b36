package dev.unmask.registry.run;

/** Something was logged to a run, or it asked to be seen as alive. */
public record RunWritten(long runUid) {}
