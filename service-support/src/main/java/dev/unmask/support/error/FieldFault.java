package dev.unmask.support.error;

/**
 * One fault of one input field.
 *
 * @param field path of the field as the caller wrote it, for instance {@code model.width}
 * @param message what was expected and what came
 */
public record FieldFault(String field, String message) {}
