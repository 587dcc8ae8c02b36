package dev.unmask.local.stack;

import java.nio.file.Path;

/**
 * How a stack is started.
 *
 * @param data folder that keeps everything between starts
 * @param port the gateway's port; the services and PostgreSQL take the next four
 * @param isolated a process for each service instead of one for all
 */
public record StackSettings(Path data, int port, boolean isolated) {}
