package dev.parley.server.log;

import java.time.Duration;

/**
 * What a channel keeps.
 *
 * @param entries at most about so many of the newest entries, at least 1
 * @param age none older than about this
 * @param idle after this long without use the channel is forgotten as a whole
 */
public record Retention(int entries, Duration age, Duration idle) {}
