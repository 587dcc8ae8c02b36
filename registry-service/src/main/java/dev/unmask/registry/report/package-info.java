/** Reports: texts with panels that show runs and models as they are now. */
@NullMarked
package dev.unmask.registry.report;

import org.jspecify.annotations.NullMarked;
