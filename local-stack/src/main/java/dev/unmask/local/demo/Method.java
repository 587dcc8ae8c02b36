package dev.unmask.local.demo;

/** What the demo trains; in lower case, as on the command line. */
public enum Method {
  /** A small autoregressive start converted to block diffusion (SDAR, arXiv:2510.06303). */
  block,
  /** RADD from scratch: absorbing diffusion under full attention (arXiv:2406.03736). */
  radd
}
