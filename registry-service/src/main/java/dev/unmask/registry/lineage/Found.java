package dev.unmask.registry.lineage;

import dev.unmask.registry.api.LineageApi.Node;

/**
 * A node that was found beside another one.
 *
 * @param beside uid of the node that it was found by
 * @param uid of the node within its kind; 0 for nodes that lead nowhere
 */
record Found(long beside, long uid, Node node) {}
