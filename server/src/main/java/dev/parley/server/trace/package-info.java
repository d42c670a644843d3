/**
 * What OpenTelemetry is told of a sampled message: its acceptance, its way into the log, and its delivery on each instance. Knows OpenTelemetry's API alone;
 * {@code observe} decides whether there is anybody who hears it.
 */
package dev.parley.server.trace;
