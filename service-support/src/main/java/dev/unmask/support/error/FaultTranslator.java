package dev.unmask.support.error;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.BindException;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Turns what frameworks throw into the failure that a caller is told about. */
public final class FaultTranslator {
  private static final int LONGEST_SHOWN = 200;

  /** Adapters call this too, and then render the result in their own envelope. */
  public UnmaskException translate(Exception failure) {
    return switch (failure) {
      case UnmaskException own -> own;
      case HttpMessageNotReadableException unreadable -> unreadableBody(unreadable);
      case BindException binding -> bindingFaults(binding);
      case HandlerMethodValidationException invalid -> parameterFaults(invalid);
      case ConstraintViolationException violations -> violations(violations);
      case MissingServletRequestParameterException missing ->
          fault(missing.getParameterName(), "is required");
      case MissingRequestHeaderException missing -> fault(missing.getHeaderName(), "is required");
      case MethodArgumentTypeMismatchException mismatch ->
          fault(mismatch.getName(), "has the wrong type: " + shown(mismatch.getValue()));
      case MaxUploadSizeExceededException large -> tooLarge();
      case HttpMediaTypeNotSupportedException media ->
          new UnmaskException(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE,
              "Content-Type "
                  + media.getContentType()
                  + " is not supported here, send one of "
                  + media.getSupportedMediaTypes());
      case HttpMediaTypeNotAcceptableException accept ->
          new UnmaskException(
              ErrorCode.INVALID_REQUEST,
              "the Accept header asks for none of " + accept.getSupportedMediaTypes());
      case HttpRequestMethodNotSupportedException method ->
          new UnmaskException(
              ErrorCode.METHOD_NOT_ALLOWED,
              method.getMethod()
                  + " is not supported here, use one of "
                  + method.getSupportedHttpMethods());
      case NoHandlerFoundException none -> noRoute();
      case NoResourceFoundException none -> noRoute();
      default ->
          new UnmaskException(
              ErrorCode.INTERNAL, "internal fault; the request id finds it in the logs", failure);
    };
  }

  private static UnmaskException noRoute() {
    return new UnmaskException(ErrorCode.ROUTE_NOT_FOUND, "there is no such route");
  }

  private static UnmaskException tooLarge() {
    return new UnmaskException(
        ErrorCode.BODY_TOO_LARGE, "the body is larger than this route takes");
  }

  private static UnmaskException fault(String field, String message) {
    return invalid(List.of(new FieldFault(field, message)));
  }

  private static UnmaskException invalid(List<FieldFault> faults) {
    return UnmaskException.ofFields(ErrorCode.INVALID_REQUEST, faults);
  }

  private static UnmaskException unreadableBody(HttpMessageNotReadableException unreadable) {
    return switch (unreadable.getCause()) {
      case UnmaskException own -> own;
      case UnrecognizedPropertyException unknown ->
          fault(path(unknown), "is not a known field; known are " + unknown.getKnownPropertyIds());
      case InvalidTypeIdException kind when !kind.getPath().isEmpty() ->
          fault(path(kind), expected(kind));
      case DatabindException mismatch when !mismatch.getPath().isEmpty() ->
          fault(path(mismatch), expected(mismatch));
      case StreamReadException syntax ->
          new UnmaskException(
              ErrorCode.UNREADABLE_BODY,
              "the body is not valid JSON: "
                  + syntax.getOriginalMessage()
                  + " at line "
                  + syntax.getLocation().getLineNr()
                  + ", column "
                  + syntax.getLocation().getColumnNr());
      case null, default ->
          new UnmaskException(ErrorCode.UNREADABLE_BODY, "the body is missing or unreadable");
    };
  }

  /** Of an object that says itself which of several kinds it is. */
  private static String expected(InvalidTypeIdException mismatch) {
    Class<?> base = mismatch.getBaseType().getRawClass();
    JsonTypeInfo info = base.getAnnotation(JsonTypeInfo.class);
    JsonSubTypes kinds = base.getAnnotation(JsonSubTypes.class);
    if (info == null || kinds == null) {
      return "must be of another kind, was " + shown(mismatch.getTypeId());
    }
    List<String> known = Arrays.stream(kinds.value()).map(JsonSubTypes.Type::name).toList();
    return "must have a "
        + info.property()
        + " of "
        + known
        + ", has "
        + shown(mismatch.getTypeId());
  }

  /** The framework's own words name classes of ours, which say nothing to a caller. */
  private static String expected(DatabindException mismatch) {
    if (mismatch.getCause() instanceof IllegalArgumentException refused) {
      return String.valueOf(refused.getMessage());
    }
    Class<?> type =
        mismatch instanceof MismatchedInputException input ? input.getTargetType() : null;
    String was =
        mismatch instanceof InvalidFormatException bad ? ", was " + shown(bad.getValue()) : "";
    return "must be " + kind(type) + was;
  }

  private static String kind(@Nullable Class<?> type) {
    if (type == null) {
      return "of another type";
    }
    if (type.isEnum()) {
      return "one of " + List.of(type.getEnumConstants());
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a number in range";
    }
    if (CharSequence.class.isAssignableFrom(type)) {
      return "a text";
    }
    if (TemporalAccessor.class.isAssignableFrom(type)) {
      return "a time such as 2026-01-31T12:00:00Z";
    }
    return Collection.class.isAssignableFrom(type) || type.isArray() ? "a list" : "an object";
  }

  private static String path(DatabindException mismatch) {
    StringBuilder path = new StringBuilder();
    for (var reference : mismatch.getPath()) {
      if (reference.getPropertyName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
      }
    }
    return path.toString();
  }

  private static UnmaskException bindingFaults(BindException binding) {
    return invalid(
        binding.getFieldErrors().stream()
            .map(
                e ->
                    new FieldFault(
                        e.getField(),
                        e.getDefaultMessage() + ", was " + shown(e.getRejectedValue())))
            .toList());
  }

  private static UnmaskException parameterFaults(HandlerMethodValidationException invalid) {
    return invalid(
        invalid.getParameterValidationResults().stream()
            .flatMap(
                result ->
                    result instanceof ParameterErrors errors
                        ? errors.getFieldErrors().stream()
                            .map(e -> new FieldFault(e.getField(), e.getDefaultMessage() + ""))
                        : result.getResolvableErrors().stream()
                            .map(
                                e ->
                                    new FieldFault(
                                        String.valueOf(
                                            result.getMethodParameter().getParameterName()),
                                        e.getDefaultMessage() + "")))
            .toList());
  }

  private static UnmaskException violations(ConstraintViolationException violations) {
    return invalid(
        violations.getConstraintViolations().stream()
            .map(FaultTranslator::fault)
            .sorted((a, b) -> a.field().compareTo(b.field()))
            .toList());
  }

  private static FieldFault fault(ConstraintViolation<?> violation) {
    return new FieldFault(
        violation.getPropertyPath().toString(),
        violation.getMessage() + ", was " + shown(violation.getInvalidValue()));
  }

  /** Enough of a value to recognise it: what somebody sends must not come back at any length. */
  private static String shown(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
  }
}
