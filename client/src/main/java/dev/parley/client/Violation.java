package dev.parley.client;

import dev.parley.protocol.Cursor;

/**
 * Something a server may not do, as told to {@link ParleyListener#onViolation}. Where a channel's entries did not follow on each other, what lies between the
 * two places was never given and never declared as a gap; the client goes on from the later place.
 *
 * @param channel the channel, or null where the frame named none that could be read
 * @param stood the cursor before, or null where there was none
 * @param came the place that came instead of the next one, or null
 * @param detail one sentence
 */
public record Violation(String channel, Cursor stood, Cursor came, String detail) {}
