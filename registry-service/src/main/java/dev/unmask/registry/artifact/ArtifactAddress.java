package dev.unmask.registry.artifact;

import dev.unmask.registry.artifact.ArtifactOwner.OfLoggedModel;
import dev.unmask.registry.artifact.ArtifactOwner.OfRun;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where artifacts are, as clients write it: {@code <experiment>/<run>/artifacts/<path>} or {@code
 * <experiment>/models/<logged model>/artifacts/<path>}, in a URI after {@code mlflow-artifacts:/}.
 *
 * @param experiment id of the owner's experiment
 * @param path below the owner's root; empty for the root
 */
public record ArtifactAddress(String experiment, ArtifactOwner owner, String path) {
  private static final String SCHEME = "mlflow-artifacts:/";
  private static final Pattern FORM =
      Pattern.compile("([\\w\\-]+)/(?:models/([\\w\\-]+)|([\\w\\-]+))/artifacts(?:/(.*))?");

  /**
   * The parts of an address, whether or not there are such an experiment and owner.
   *
   * @param address without a scheme
   */
  public static Optional<ArtifactAddress> parse(String address) {
    Matcher form = FORM.matcher(address);
    if (!form.matches()) {
      return Optional.empty();
    }
    String model = form.group(2);
    ArtifactOwner owner = model == null ? new OfRun(form.group(3)) : new OfLoggedModel(model);
    String path = form.group(4);
    return Optional.of(new ArtifactAddress(form.group(1), owner, path == null ? "" : path));
  }

  /** Likewise of a URI; empty for one of another scheme. */
  public static Optional<ArtifactAddress> parseUri(String uri) {
    return uri.startsWith(SCHEME) ? parse(uri.substring(SCHEME.length())) : Optional.empty();
  }

  /** As clients are told it. */
  public String uri() {
    String folder =
        switch (owner) {
          case OfRun(String runId) -> runId;
          case OfLoggedModel(String modelId) -> "models/" + modelId;
        };
    String root = SCHEME + experiment + "/" + folder + "/artifacts";
    return path.isEmpty() ? root : root + "/" + path;
  }
}
