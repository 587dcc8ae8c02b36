package dev.unmask.registry.report;

import dev.unmask.registry.api.ReportsApi.Panel;
import java.util.List;

/**
 * What one version of a report says.
 *
 * @param text Markdown
 */
record Content(String title, String text, List<Panel> panels) {}
