/** What runs read and what they made: data sets and logged models. */
@NullMarked
package dev.unmask.registry.dataset;

import org.jspecify.annotations.NullMarked;
