package dev.unmask.lm.jinja;

/** The value of a name that has none: false, empty when printed, an error when looked into. */
record Undefined(String name) {}
