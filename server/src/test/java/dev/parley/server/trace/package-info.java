/** What is told to OpenTelemetry. */
package dev.parley.server.trace;
