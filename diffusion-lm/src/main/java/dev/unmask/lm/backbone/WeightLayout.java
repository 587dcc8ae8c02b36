package dev.unmask.lm.backbone;

import java.util.List;

/**
 * The weights of a backbone in the order its kernels expect. What it lacks is {@link
 * Parameter#ABSENT}.
 */
interface WeightLayout {
  static WeightLayout of(BackboneConfig config) {
    return config.conditioning().present() ? new DitLayout(config) : new PlainLayout(config);
  }

  List<Parameter> slots();
}
